import type { ResultCodes } from '@baoke/core/tasks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from './session.ts';

/** The lists that results are sorted by, in the reader's language; undefined until they have come. What is `off` is named, not offered. */
export function useCodes(): Readonly<Record<keyof ResultCodes, { value: string; label: string; off: boolean }[]>> | undefined {
  const { i18n } = useTranslation();
  const { trpc } = useApi();
  const me = useMe();
  const { data } = useQuery(trpc.tasks.resultCodes.queryOptions(undefined, { staleTime: Infinity, enabled: me.can('tasks', 'view') }));
  if (!data) return undefined;
  const words = (list: ResultCodes[keyof ResultCodes]) =>
    list.map(({ code, zh, en, off = false }) => ({ value: code, label: i18n.language === 'en' ? en : zh, off }));
  return { saidAbout: words(data.saidAbout), causes: words(data.causes), unreached: words(data.unreached) };
}
