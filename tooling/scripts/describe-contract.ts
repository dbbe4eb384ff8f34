import { readFileSync, writeFileSync } from 'node:fs';
import { contractKept, contractNow, keepContract } from '../../apps/api/src/http/contract-v1.ts';
import { differences, inWords } from '../../apps/api/src/http/contract.ts';

// Takes what was added to the public API into its kept contract and its changelog. What breaks callers of v1 is refused: it belongs to a v2.
const CHANGELOG = new URL('../../docs/api-changelog.md', import.meta.url);
const FIRST = '<!-- latest first -->\n';

const [kept, now] = [contractKept(), contractNow()];
const found = kept === undefined ? [] : differences(kept, now);
if (found.some(({ breaking }) => breaking)) {
  console.error(inWords(found));
  process.exit(1);
}
keepContract(now);
if (found.length > 0) {
  const heading = `\n## ${new Date().toISOString().slice(0, 10)}\n`;
  const lines = found.map(({ at, what }) => `- \`${at}\`: ${what}\n`).join('');
  const [before = '', after = ''] = readFileSync(CHANGELOG, 'utf8').split(FIRST);
  // A second change of one day stands below the first heading of that day.
  const rest = after.startsWith(heading) ? after.slice(heading.length + 1) : after;
  writeFileSync(CHANGELOG, `${before}${FIRST}${heading}\n${lines}${rest}`);
  console.log(inWords(found));
}
