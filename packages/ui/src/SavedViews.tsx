import { BookOutlined, DeleteOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, Tag } from 'antd';
import { useState } from 'react';
import { EscapablePopover } from './EscapablePopover.tsx';
import { useToast, useUi } from './UiProvider.tsx';

export type SavedView = { readonly id: string; readonly name: string; readonly shared: boolean; readonly mine: boolean };

export type Views = {
  readonly list: readonly SavedView[];
  readonly onApply: (id: string) => void;
  readonly onSave: (name: string, shared: boolean) => Promise<void>;
  readonly onRemove: (id: string) => Promise<void>;
};

/** Filters under a name: one's own, and those shared with the store. */
export function SavedViews({ list, onApply, onSave, onRemove }: Views) {
  const { words, describeFailure } = useUi();
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      toast.error(describeFailure(error).text);
    } finally {
      setBusy(false);
    }
  };
  const save = () =>
    attempt(async () => {
      await onSave(name.trim(), shared);
      setName('');
      setShared(false);
    });
  const content = (
    <div className="ui-views">
      {list.length === 0 && <p className="ui-quiet">{words('viewNone')}</p>}
      <ul>
        {list.map((view) => (
          <li key={view.id}>
            <Button
              type="text"
              onClick={() => {
                setOpen(false);
                onApply(view.id);
              }}
            >
              {view.name}
            </Button>
            {view.shared && <Tag>{words('viewSharedMark')}</Tag>}
            {view.mine && (
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={words('viewRemove', { name: view.name })}
                onClick={() => attempt(() => onRemove(view.id))}
              />
            )}
          </li>
        ))}
      </ul>
      <Input
        value={name}
        maxLength={60}
        placeholder={words('viewName')}
        aria-label={words('viewName')}
        onChange={(event) => setName(event.target.value)}
      />
      <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
        {words('viewShared')}
      </Checkbox>
      <Button type="primary" size="small" block loading={busy} disabled={name.trim() === ''} onClick={save}>
        {words('viewSave')}
      </Button>
    </div>
  );
  return (
    <EscapablePopover open={open} onOpenChange={setOpen} content={content}>
      <Button type="text" icon={<BookOutlined />}>
        {words('views')}
      </Button>
    </EscapablePopover>
  );
}
