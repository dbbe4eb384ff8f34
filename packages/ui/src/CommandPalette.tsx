import { LoadingOutlined } from '@ant-design/icons';
import { Modal } from 'antd';
import { Command as Menu } from 'cmdk';
import type { ReactNode } from 'react';
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
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly placeholder: string;
  readonly term: string;
  readonly onTerm: (term: string) => void;
  /** Groups in the order shown, already filtered: records come from the server and know pinyin. */
  readonly groups: readonly CommandGroup[];
  readonly busy: boolean;
};

/** One box for everything: type, move with the arrows, Enter. */
export function CommandPalette({ open, onClose, title, placeholder, term, onTerm, groups, busy }: Props) {
  const { words } = useUi();
  const choose = (command: Command) => {
    onClose();
    command.run();
  };
  const found = groups.filter(({ commands }) => commands.length > 0);
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      width={620}
      className="ui-palette"
      style={{ top: 72 }}
      destroyOnHidden
      aria-label={title}
    >
      <Menu label={title} shouldFilter={false} loop>
        <div className="ui-palette-box">
          <Menu.Input autoFocus value={term} onValueChange={onTerm} placeholder={placeholder} />
          {busy && <LoadingOutlined aria-label={words('searching')} />}
        </div>
        {!busy && found.length === 0 && (
          <p className="ui-palette-none" role="status">
            {words('noResult')}
          </p>
        )}
        <Menu.List>
          {found.map(({ heading, commands }) => (
            <Menu.Group key={heading} heading={heading}>
              {commands.map((command) => (
                <Menu.Item key={command.key} value={command.key} onSelect={() => choose(command)}>
                  {command.icon}
                  <span className="ui-palette-label">{command.label}</span>
                  {command.hint && <span className="ui-quiet">{command.hint}</span>}
                  {command.keys && <KeyHint keys={command.keys} />}
                </Menu.Item>
              ))}
            </Menu.Group>
          ))}
        </Menu.List>
        <div className="ui-palette-foot ui-quiet">{words('keysHint')}</div>
      </Menu>
    </Modal>
  );
}
