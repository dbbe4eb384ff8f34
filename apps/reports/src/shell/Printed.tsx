import { instantOfMilliseconds } from '@baoke/core/kernel';
import { useNow } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { useFormats } from './formats.ts';
import { useMe } from './session.ts';

/** On paper: whose figures these are, and of when. */
export function Printed() {
  const { t } = useTranslation();
  const { store, name } = useMe();
  const { dateTime } = useFormats();
  return (
    <p className="ui-on-paper">
      {t('shell.printed', { store: store.name, at: dateTime(instantOfMilliseconds(useNow(60_000))), by: name })}
    </p>
  );
}
