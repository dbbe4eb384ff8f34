const LONGEST_KEY = 60;

/** The key of a copy: that of the rule it comes from with the first number that is free, `use_call_2`. */
export function freeKey(from: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const tail = `_${number}`;
    const key = from.slice(0, LONGEST_KEY - tail.length) + tail;
    if (!taken.has(key)) return key;
  }
}
