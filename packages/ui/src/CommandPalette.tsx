import { LoadingOutlined } from '@ant-design/icons';
import { Modal } from 'antd';
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { movedBy, selectedOf } from './selection.ts';
import { KeyHint } from './shortcuts.tsx';
import { useUi } from './UiProvider.tsx';

export type Command = {
  readonly key: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly run: () => void;
};
export type CommandGroup = { readonly heading: string; readonly commands: readonly Command[] };

type Props = {
  readonly onClose: () => void;
  readonly title: string;
  readonly placeholder: string;
  readonly term: string;
  readonly onTerm: (term: string) => void;
  /** The box stands and takes the keys. */
  readonly onReady: () => void;
  /** Groups in the order shown, already filtered: records come from the server and know pinyin. */
  readonly groups: readonly CommandGroup[];
  /** What is shown is not yet what the term finds. */
  readonly busy: boolean;
};

/** One box for everything: type, move with the arrows, Enter. */
export function CommandPalette({ onClose, title, placeholder, term, onTerm, onReady, groups, busy }: Props) {
  const { words } = useUi();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [moved, setMoved] = useState<string>();
  /** Enter came before the rows that it was meant for. */
  const [entered, setEntered] = useState(false);
  const found = groups.filter(({ commands }) => commands.length > 0);
  const rows = found.flatMap(({ commands }) => commands);
  const keys = rows.map(({ key }) => key);
  const selected = selectedOf(keys, moved);
  const choose = (key: string | undefined) => {
    const command = rows.find((row) => row.key === key);
    if (!command) return;
    onClose();
    command.run();
  };
  const chooseFirst = useEffectEvent(() => choose(selected));
  useEffect(() => {
    if (entered && !busy) chooseFirst();
  }, [entered, busy]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const press = (event: KeyboardEvent) => {
    const to = movedBy(keys, selected, event.key);
    if (event.key !== 'Enter' && to === undefined) return;
    event.preventDefault();
    if (to !== undefined) setMoved(to);
    else if (busy && moved === undefined) setEntered(true);
    else choose(selected);
  };
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={620}
      className="ui-palette"
      style={{ top: 72 }}
      destroyOnHidden
      aria-label={title}
    >
      <div className="ui-palette-box">
        <input
          autoFocus
          role="combobox"
          aria-label={title}
          aria-expanded
          aria-autocomplete="list"
          aria-controls={id}
          aria-activedescendant={selected && `${id}-${selected}`}
          autoComplete="off"
          spellCheck={false}
          value={term}
          placeholder={placeholder}
          onFocus={onReady}
          onKeyDown={press}
          onChange={({ target }) => {
            setMoved(undefined);
            setEntered(false);
            onTerm(target.value);
          }}
        />
        {busy && <LoadingOutlined aria-label={words('searching')} />}
      </div>
      {!busy && found.length === 0 && (
        <p className="ui-palette-none" role="status">
          {words('noResult')}
        </p>
      )}
      <div className="ui-palette-list" role="listbox" id={id} aria-label={title} ref={list}>
        {found.map(({ heading, commands }) => (
          <div key={heading} role="group" aria-label={heading}>
            <div className="ui-palette-heading" aria-hidden="true">
              {heading}
            </div>
            {commands.map((command) => (
              <div
                key={command.key}
                id={`${id}-${command.key}`}
                className="ui-palette-row"
                role="option"
                aria-selected={command.key === selected}
                onPointerMove={() => setMoved(command.key)}
                onClick={() => choose(command.key)}
              >
                {command.icon}
                <span className="ui-palette-label">{command.label}</span>
                {command.hint && <span className="ui-quiet">{command.hint}</span>}
                {command.keys && <KeyHint keys={command.keys} />}
              </div>
            ))}
          </div>
        ))}
      </div>
      <div className="ui-palette-foot ui-quiet">{words('keysHint')}</div>
    </Modal>
  );
}
