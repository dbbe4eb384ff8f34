import { Modal, Radio } from 'antd';
import { useRef, useState } from 'react';
import type { ConflictField } from './texts.ts';
import { useUi } from './UiProvider.tsx';

/** How a field of a conflict is called and shown. */
export type FieldLabels = Readonly<Record<string, { readonly label: string; readonly show?: (value: unknown) => string }>>;

type Props = {
  readonly fields: readonly ConflictField[];
  readonly labels: FieldLabels;
  readonly onSettle: (chosen: Readonly<Record<string, unknown>> | undefined) => void;
};

/** Two people changed one record: each field with both changes and what stood there before, one to be kept. */
export function ConflictDialog({ fields, labels, onSettle }: Props) {
  const { words } = useUi();
  // What one did not change oneself starts with what the other made of it.
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(
    () => new Set(fields.filter(({ yours, original }) => JSON.stringify(yours) === JSON.stringify(original)).map(({ field }) => field)),
  );
  const show = (field: string, value: unknown) =>
    labels[field]?.show?.(value) ?? (value === null || value === undefined || value === '' ? '–' : String(value));
  const choose = (field: string, who: 'yours' | 'theirs') => {
    const next = new Set(theirs);
    if (who === 'theirs') next.add(field);
    else next.delete(field);
    setTheirs(next);
  };
  const choices = useRef<HTMLTableElement>(null);
  const settle = () =>
    onSettle(Object.fromEntries(fields.map(({ field, yours, theirs: stored }) => [field, theirs.has(field) ? stored : yours])));
  return (
    <Modal
      open
      title={words('conflictTitle')}
      width={760}
      okText={words('save')}
      cancelText={words('cancel')}
      onOk={settle}
      onCancel={() => onSettle(undefined)}
      afterOpenChange={(open) => open && choices.current?.querySelector<HTMLElement>('input:checked')?.focus()}
    >
      <p>{words('conflictHint')}</p>
      <table className="ui-conflict" ref={choices}>
        <thead>
          <tr>
            <th scope="col">{words('conflictField')}</th>
            <th scope="col">{words('conflictOriginal')}</th>
            <th scope="col">{words('conflictTheirs')}</th>
            <th scope="col">{words('conflictYours')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, yours, theirs: stored, original }) => {
            const label = labels[field]?.label ?? field;
            const kept = theirs.has(field) ? 'theirs' : 'yours';
            return (
              <tr key={field}>
                <th scope="row">{label}</th>
                <td className="ui-quiet" data-label={words('conflictOriginal')}>
                  {show(field, original)}
                </td>
                <td data-label={words('conflictTheirs')}>
                  <Radio
                    name={`conflict-${field}`}
                    checked={kept === 'theirs'}
                    onChange={() => choose(field, 'theirs')}
                    aria-label={`${label} ${words('conflictTheirs')}`}
                  >
                    {show(field, stored)}
                  </Radio>
                </td>
                <td data-label={words('conflictYours')}>
                  <Radio
                    name={`conflict-${field}`}
                    checked={kept === 'yours'}
                    onChange={() => choose(field, 'yours')}
                    aria-label={`${label} ${words('conflictYours')}`}
                  >
                    {show(field, yours)}
                  </Radio>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Modal>
  );
}
