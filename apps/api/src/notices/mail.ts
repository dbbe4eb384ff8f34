import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';

export type Mail = { readonly to: string; readonly cc?: readonly string[]; readonly subject: string; readonly text: string };

/** Sends mail to staff. Without an SMTP address nothing leaves the house: the mail is written to the log. */
export type Mailer = { send(mail: Mail): Promise<'sent' | 'logged'> };

export function createMailer(smtpUrl: string | undefined, from: string, log: Logger): Mailer {
  if (smtpUrl === undefined) {
    return {
      async send(mail) {
        log.info({ to: mail.to, subject: mail.subject }, 'mail not sent: no SMTP_URL');
        return 'logged';
      },
    };
  }
  const transport = createTransport(smtpUrl);
  return {
    async send(mail) {
      await transport.sendMail({ from, to: mail.to, cc: mail.cc ? [...mail.cc] : [], subject: mail.subject, text: mail.text });
      return 'sent';
    },
  };
}
