import type { ImportView } from '@baoke/core/imports/wire';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { leftOutText } from './words.ts';

/** The files of which nothing is imported, each with the reason. */
export function LeftOut({ view, past = false }: { readonly view: ImportView; readonly past?: boolean }) {
  const { t } = useTranslation();
  const left = view.files.flatMap((file) => {
    const why = leftOutText(t, file);
    return why === undefined ? [] : [{ ...file, why }];
  });
  if (left.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t(past ? 'imports.wizard.wasLeftOut' : 'imports.wizard.leftOut', { count: left.length })}
      description={left.map(({ position, name, why }) => (
        <div key={position}>
          {name}: {why}
        </div>
      ))}
    />
  );
}
