import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { CODE_LISTS, type CodeEntry, type CodeList, type ResultCodes } from '@baoke/core/tasks';
import { Button, Input, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';
import { below, type Fault } from './judge.ts';

type Props = {
  readonly faults: readonly Fault[];
  /** The lists as they were opened: what they hold may be in use already and is only switched off. */
  readonly known: ResultCodes;
};

/** The lists that results are sorted by, in the order they are offered in. */
export function ResultFields({ faults, known }: Props) {
  const { t } = useTranslation();
  return CODE_LISTS.map((list) => (
    <Field key={list} name={list} faults={faults} extra={t(`settings.results.hints.${list}`)}>
      <CodesInput list={list} known={known[list]} faults={faults} />
    </Field>
  ));
}

type CodesProps = {
  readonly list: CodeList;
  readonly known: readonly CodeEntry[];
  readonly faults: readonly Fault[];
  readonly value?: readonly CodeEntry[];
  readonly onChange?: (entries: readonly CodeEntry[]) => void;
};

function CodesInput({ list, known, faults, value: entries = [], onChange }: CodesProps) {
  const { t } = useTranslation();
  const isKnown = ({ code }: CodeEntry) => known.some((one) => one.code === code);
  const change = (at: number, next: Partial<CodeEntry>) => onChange?.(entries.map((one, i) => (i === at ? { ...one, ...next } : one)));
  const move = (at: number, to: number) => {
    const [moved] = entries.slice(at, at + 1);
    if (moved) onChange?.(entries.toSpliced(at, 1).toSpliced(to, 0, moved));
  };
  return (
    <div className="settings-codes">
      <div className="settings-codes-head ui-quiet">
        <span>{t('settings.results.name')}</span>
        <span>{t('settings.results.english')}</span>
      </div>
      <ul aria-label={t(`settings.fields.${list}`)}>
        {entries.map((entry, at) => {
          const name = entry.zh || t('settings.results.row', { number: at + 1 });
          const wrong = below(faults, list, at);
          const status = (of: 'zh' | 'en') => (wrong.some(({ path }) => path[0] === of) ? { status: 'error' as const } : {});
          return (
            <li key={entry.code} data-off={entry.off}>
              <Input
                {...status('zh')}
                value={entry.zh}
                maxLength={30}
                aria-label={`${name} ${t('settings.results.name')}`}
                onChange={({ target }) => change(at, { zh: target.value })}
              />
              <Input
                {...status('en')}
                value={entry.en}
                maxLength={60}
                placeholder={t('settings.results.optional')}
                aria-label={`${name} ${t('settings.results.english')}`}
                onChange={({ target }) => change(at, { en: target.value })}
              />
              {isKnown(entry) ? (
                <Switch
                  checked={!entry.off}
                  aria-label={`${name} ${t('settings.results.inUse')}`}
                  checkedChildren={t('settings.results.inUse')}
                  unCheckedChildren={t('settings.results.off')}
                  onChange={(inUse) => change(at, { off: !inUse })}
                />
              ) : (
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={`${t('common.remove')} ${name}`}
                  onClick={() => onChange?.(entries.toSpliced(at, 1))}
                />
              )}
              <span>
                <Button
                  type="text"
                  icon={<ArrowUpOutlined />}
                  disabled={at === 0}
                  aria-label={`${t('settings.results.up')} ${name}`}
                  onClick={() => move(at, at - 1)}
                />
                <Button
                  type="text"
                  icon={<ArrowDownOutlined />}
                  disabled={at === entries.length - 1}
                  aria-label={`${t('settings.results.down')} ${name}`}
                  onClick={() => move(at, at + 1)}
                />
              </span>
              {wrong.length > 0 && (
                <span role="alert" className="settings-fault">
                  {[...new Set(wrong.map(({ text }) => text))].join(t('settings.sentenceMark'))}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <Button icon={<PlusOutlined />} onClick={() => onChange?.([...entries, { code: freeCode(entries), zh: '', en: '' }])}>
        {t('settings.results.add')}
      </Button>
    </div>
  );
}

/** A code of the store's own that the list does not have; what was taken out again was never saved. */
function freeCode(entries: readonly CodeEntry[]): string {
  let number = 1;
  while (entries.some(({ code }) => code === `own_${number}`)) number += 1;
  return `own_${number}`;
}
