import { CODE_LISTS, type CodeEntry, type ResultCodes } from '../tasks/index.ts';
import type { SettingFault } from './faults.ts';
import type { Setting } from './model.ts';

/**
 * What is wrong with the lists that results are sorted by: a code that stands twice, or two entries of one list that whoever records a result
 * could not tell apart.
 *
 * Source: 05 (category and analysed reasons); 00, principle 3.
 */
export function faultsOfResultCodes(codes: ResultCodes): SettingFault[] {
  return CODE_LISTS.flatMap((list) =>
    codes[list].flatMap((entry, index): SettingFault[] => {
      const before = codes[list].slice(0, index);
      const alike = ({ zh, off }: CodeEntry) => !off && !entry.off && zh === entry.zh;
      return [
        ...(before.some(({ code }) => code === entry.code) ? [{ path: [list, index, 'code'], code: 'settings.code_twice' } as const] : []),
        ...(before.some(alike) ? [{ path: [list, index, 'zh'], code: 'settings.name_twice' } as const] : []),
      ];
    }),
  );
}

/**
 * A setting as it becomes the next version: codes of results that it leaves out are switched off at the end of their list, for what was recorded
 * with them keeps its name.
 */
export function succeeding(before: Setting, next: Setting): Setting {
  if (before.section !== 'results' || next.section !== 'results') return next;
  const kept = (list: keyof ResultCodes): CodeEntry[] => {
    const named = new Set(next.value[list].map(({ code }) => code));
    const gone = before.value[list].filter(({ code }) => !named.has(code));
    return [...next.value[list], ...gone.map((entry) => ({ ...entry, off: true }))];
  };
  return { section: 'results', value: { saidAbout: kept('saidAbout'), causes: kept('causes'), unreached: kept('unreached') } };
}
