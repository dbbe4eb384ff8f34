import { DownOutlined, SettingOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Checkbox, Tooltip } from 'antd';
import { EscapablePopover } from './EscapablePopover.tsx';
import { arranged, isShown, moved, shippedLayout, type ListLayout } from './list-layout.ts';
import { useUi } from './UiProvider.tsx';

type Column = { readonly key: string; readonly title: string; readonly hidden?: boolean };
type Props = {
  readonly columns: readonly Column[];
  readonly layout: ListLayout | undefined;
  readonly onLayout: (layout: ListLayout) => void;
};

/** Which columns are shown, and in which order; by keyboard as well as by mouse. */
export function ColumnSettings({ columns, layout, onLayout }: Props) {
  const { words } = useUi();
  const current = layout ?? shippedLayout(columns);
  const ordered = arranged(columns, layout);
  const show = (key: string, shown: boolean) =>
    onLayout({ ...current, hidden: shown ? current.hidden.filter((other) => other !== key) : [...current.hidden, key] });
  const move = (key: string, step: -1 | 1) => onLayout({ ...current, order: moved(ordered, key, step) });
  const list = (
    <div className="ui-columns">
      {ordered.map(({ key, title }, index) => (
        <div key={key}>
          <Checkbox checked={isShown({ key }, current)} onChange={(event) => show(key, event.target.checked)}>
            {title}
          </Checkbox>
          <Button
            type="text"
            size="small"
            icon={<UpOutlined />}
            disabled={index === 0}
            aria-label={`${words('moveUp')} ${title}`}
            onClick={() => move(key, -1)}
          />
          <Button
            type="text"
            size="small"
            icon={<DownOutlined />}
            disabled={index === ordered.length - 1}
            aria-label={`${words('moveDown')} ${title}`}
            onClick={() => move(key, 1)}
          />
        </div>
      ))}
      <Button size="small" block onClick={() => onLayout({ ...shippedLayout(columns), dense: current.dense })}>
        {words('columnsReset')}
      </Button>
    </div>
  );
  return (
    <EscapablePopover title={words('columns')} content={list}>
      <Tooltip title={words('columns')}>
        <Button type="text" icon={<SettingOutlined />} aria-label={words('columns')} />
      </Tooltip>
    </EscapablePopover>
  );
}
