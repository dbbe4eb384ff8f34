import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

type Props = { readonly busy: boolean; readonly onCode: (code: string) => void; readonly onBack: () => void };

const FIELD = 'code';

/** The second step of sign-in: a code of the authenticator app, or a recovery code. A plain field, as those of the first step. */
export function CodeStep({ busy, onCode, onBack }: Props) {
  const { t } = useTranslation();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const code = String(new FormData(event.currentTarget).get(FIELD) ?? '').trim();
        if (code === '') event.currentTarget.querySelector('input')?.focus();
        else onCode(code);
      }}
    >
      <div className="sign-in-field">
        <label htmlFor="sign-in-code">{t('access.code')}</label>
        <input
          id="sign-in-code"
          name={FIELD}
          required
          minLength={6}
          maxLength={40}
          autoFocus
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby="sign-in-code-hint"
        />
        <p className="ui-quiet" id="sign-in-code-hint">
          {t('access.codeHint')}
        </p>
      </div>
      <Button type="primary" htmlType="submit" size="large" block loading={busy}>
        {t('access.verify')}
      </Button>
      <Button type="text" block onClick={onBack}>
        {t('access.backToPassword')}
      </Button>
    </form>
  );
}
