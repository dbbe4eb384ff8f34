import { Modal } from 'antd';
import { useContext } from 'react';
import { KeyHint, ShortcutList } from './shortcuts.tsx';
import { useUi } from './UiProvider.tsx';

export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const { words } = useUi();
  const list = useContext(ShortcutList);
  const unique = [...new Map(list.map((shortcut) => [shortcut.keys, shortcut])).values()];
  return (
    <Modal open onCancel={onClose} title={words('shortcuts')} footer={null} width={420}>
      <dl className="ui-shortcuts">
        {unique.map(({ keys, label }) => (
          <div key={keys}>
            <dt>{label}</dt>
            <dd aria-label={keys}>
              <KeyHint keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
