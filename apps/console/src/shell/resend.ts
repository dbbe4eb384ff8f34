import type { Draft, Drafts } from '@baoke/ui';
import { useToast, useUi } from '@baoke/ui';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { failureCode, type Api } from './api.ts';
import { useDraftList } from './drafts.ts';
import { useConnection } from './live.ts';
import { useSessionState } from './session-end.ts';
import { useApi } from './session.ts';

const PAUSE_MS = 1000;

/** The result of a task, as it was sent: the key makes a second sending the first one's effect. */
export type Resend = { readonly input: Parameters<Api['client']['tasks']['record']['mutate']>[0]; readonly key: string };
type Waiting = Draft & { readonly resend: Resend };
export type Resent = { readonly stored: readonly Draft[]; readonly refused: readonly { readonly draft: Draft; readonly error: unknown }[] };

/**
 * Sends what went out and was not answered, each once. What is stored is dropped; what the server refuses stays to be read and is not sent
 * again by itself; what finds no server, or nobody signed in, waits for the next time.
 */
export async function resendAll(drafts: Drafts, send: (resend: Resend) => Promise<unknown>): Promise<Resent> {
  const stored: Draft[] = [];
  const refused: { draft: Draft; error: unknown }[] = [];
  for (const draft of drafts.list().filter(isWaiting)) {
    try {
      await send(draft.resend);
      drafts.drop(draft.key, draft.savedAt);
      stored.push(draft);
    } catch (error) {
      const code = failureCode(error);
      if (code === undefined || code === 'access.signed_out') break;
      const { resend: _, ...kept } = draft;
      drafts.keep(kept);
      refused.push({ draft, error });
    }
  }
  return { stored, refused };
}

export function isWaiting(draft: Draft): draft is Waiting {
  return draft.unsent && draft.resend !== undefined; // written by the result form alone
}

/** Once the line is back, results that did not get out go by themselves, and what became of them is said. */
export function useResend(): void {
  const { t } = useTranslation();
  const { drafts, describeFailure } = useUi();
  const { client, trpc, queryClient } = useApi();
  const toast = useToast();
  const waiting = useDraftList(drafts).filter(isWaiting).length;
  const connected = useConnection() === 'online';
  const alive = useSessionState() === 'alive';
  const resend = useEffectEvent(async () => {
    const { stored, refused } = await resendAll(drafts, ({ input, key }) =>
      client.tasks.record.mutate(input, { context: { idempotencyKey: key } }),
    );
    if (stored.length > 0) {
      toast.success(t('shell.resent', { titles: stored.map(({ title }) => title).join(t('shell.resentBetween')) }));
      void queryClient.invalidateQueries(trpc.tasks.pathFilter());
    }
    for (const { draft, error } of refused)
      toast.error({ duration: 10, content: t('shell.resendRefused', { title: draft.title, reason: describeFailure(error).text }) });
  });
  const due = waiting > 0 && connected && alive;
  useEffect(() => {
    if (!due) return;
    const timer = setTimeout(() => void resend(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [due]);
}
