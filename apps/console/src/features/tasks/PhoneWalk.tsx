import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

type WalkProps = {
  readonly at: number;
  readonly count: number;
  readonly loaded: number;
  readonly onMove: (step: 1 | -1) => void;
  readonly onBack: () => void;
};

/** On a phone the queue is one task after the other. */
export function PhoneWalk({ at, count, loaded, onMove, onBack }: WalkProps) {
  const { t } = useTranslation();
  return (
    <nav className="day-walk" aria-label={t('tasks.desk.queue')}>
      <Button type="text" icon={<LeftOutlined />} onClick={onBack}>
        {t('tasks.title')}
      </Button>
      <span className="ui-quiet ui-figures">{t('tasks.desk.position', { at: at + 1, count })}</span>
      <span>
        <Button type="text" icon={<LeftOutlined />} disabled={at <= 0} aria-label={t('tasks.desk.previous')} onClick={() => onMove(-1)} />
        <Button
          type="text"
          icon={<RightOutlined />}
          disabled={at >= loaded - 1}
          aria-label={t('tasks.desk.nextTask')}
          onClick={() => onMove(1)}
        />
      </span>
    </nav>
  );
}
