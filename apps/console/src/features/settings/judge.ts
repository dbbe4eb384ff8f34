import type { Section, Setting } from '@baoke/core/settings';
import type { CodeEntry } from '@baoke/core/tasks';
import { settingInput } from '@baoke/core/settings/wire';
import { fieldFaultText } from '@baoke/i18n/lazy';
import type { TFunction } from 'i18next';

/** What is wrong with an edited value, in words, at its place. */
export type Fault = { readonly path: readonly (string | number)[]; readonly text: string };

/** The value of a form as it is saved: without rows' empty words, and without weights of nothing. */
export function valueOf(section: Section, values: Setting['value']): unknown {
  const plain = JSON.parse(JSON.stringify(values)) as Record<string, unknown>;
  if (section === 'calendar') {
    const days = plain['exceptions'] as { name?: string }[];
    return { ...plain, exceptions: days.map(({ name, ...day }) => (name ? { ...day, name } : day)) };
  }
  if (section === 'results')
    return Object.fromEntries(Object.entries(plain).map(([list, entries]) => [list, codesOf(entries as CodeEntry[])]));
  if (section !== 'customers') return plain;
  const weighed = (weights: unknown) => Object.fromEntries(Object.entries(weights as object).filter(([, weight]) => weight !== 0));
  return { ...plain, personWeights: weighed(plain['personWeights']), companyWeights: weighed(plain['companyWeights']) };
}

// Who writes no English name means the Chinese one.
function codesOf(entries: readonly CodeEntry[]): CodeEntry[] {
  return entries.map(({ code, zh, en, off }) => ({ code, zh: zh.trim(), en: en.trim() || zh.trim(), ...(off ? { off } : {}) }));
}

/** The same judgement the server makes, while somebody types. */
export function judge(t: TFunction, section: Section, values: Setting['value']): Fault[] {
  const { error } = settingInput.safeParse({ section, value: valueOf(section, values) });
  return (error?.issues ?? []).map((issue) => {
    const path = issue.path.slice(1).map((step) => (typeof step === 'symbol' ? String(step) : step));
    const code = issue.code === 'custom' ? issue.message : issue.code === 'too_small' || issue.code === 'too_big' ? issue.code : 'required';
    const params =
      issue.code === 'too_small' ? { minimum: Number(issue.minimum) } : issue.code === 'too_big' ? { maximum: Number(issue.maximum) } : {};
    return { path, text: fieldFaultText(t, { path, code, params }) };
  });
}

/** The faults below a place, each with the rest of its way. */
export function below(faults: readonly Fault[], ...place: readonly (string | number)[]): Fault[] {
  return faults
    .filter(({ path }) => place.every((step, index) => String(path[index]) === String(step)))
    .map(({ path, text }) => ({ path: path.slice(place.length), text }));
}
