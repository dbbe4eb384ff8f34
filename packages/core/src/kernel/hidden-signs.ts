// Control signs that are no white space; marks of direction, which show a line in another order than it is in; signs without width. A joiner is
// part of many emoji and of the spelling of some scripts: it hides only where it joins nothing, at an end or beside a sign that joins none.
const HIDDEN =
  /(?!\s)\p{Cc}|[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|(?<![^\p{Script=Han}\p{Script=Latin}\p{N}\s])[\u200c\u200d]|[\u200c\u200d](?![^\p{Script=Han}\p{Script=Latin}\p{N}\s])/gu;

/** Whether a line holds signs that nobody sees, by which two names that look alike differ, or one is read in another order than it is in. Source: 09, text set. */
export function hasHiddenSigns(line: string): boolean {
  return line.search(HIDDEN) !== -1;
}

/** The line as it looks: without such signs. */
export function withoutHiddenSigns(line: string): string {
  return line.replace(HIDDEN, '');
}
