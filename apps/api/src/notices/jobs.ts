import { inTransaction } from '@baoke/db';
import { claimNoticeMail, markNoticeMailed } from '@baoke/db/notices';
import { createI18n } from '@baoke/i18n';
import { now } from '../clock.ts';
import type { Platform } from '../platform.ts';
import type { Jobs } from '../queue.ts';

const translators = { zh: createI18n('zh'), en: createI18n('en') };

/**
 * Mails a notice in its reader's language. The row is locked while the mail server is asked, so two workers cannot mail it
 * twice; a server that takes the mail and then loses the answer is the one case in which a reader may see it again.
 */
export async function mailNotice({ pool, mailer }: Platform, { storeId, noticeId }: Jobs['notices.mail']): Promise<void> {
  await inTransaction(pool, { storeId }, async (tx) => {
    const notice = await claimNoticeMail(tx, storeId, noticeId);
    if (!notice) return;
    const { t } = translators[notice.locale];
    const { promise, ...params } = notice.params;
    const named = promise === 'response' || promise === 'close' ? { promise: t(`complaints.promises.${promise}`) } : {};
    const text = t(`notices.${notice.kind}`, { ...params, ...named });
    await mailer.send({ to: notice.email, subject: text, text });
    await markNoticeMailed(tx, storeId, noticeId, now());
  });
}
