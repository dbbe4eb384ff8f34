import {
  ArrowRightOutlined,
  CarOutlined,
  CustomerServiceOutlined,
  PlusOutlined,
  QuestionCircleOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { CommandPalette, type Command, type TypeAhead } from '@baoke/ui';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { creationsFor, navigationFor, reportsFor } from './navigation.tsx';
import { pathOfRecord, reportAddress } from './paths.ts';
import { useRecordSearch } from './record-search.ts';
import { useMe } from './session.ts';

/** `also`: other words it is found by. */
type Place = Command & { readonly also?: string };
type Props = { readonly ahead: TypeAhead; readonly onClose: () => void; readonly onHelp: () => void };

/** What people type for a place that is called otherwise on the screen; found whatever the language of it. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  complaints: '投诉 抱怨 complaints',
  complaintScores: '投诉 抱怨 complaints',
  registerComplaint: '投诉 抱怨 新建客诉 complaints',
  'report-complaints': '投诉 抱怨 complaints',
  newCustomer: '添加 新增 车主',
  customers: '车主',
  myDay: '任务 回访 待办',
  teamQueue: '任务 分派 转派',
  visits: '维修 工单',
};

/** Ctrl+K: records first, then what can be done, begun and gone to. */
export function Palette({ ahead, onClose, onHelp }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const [term, setTerm] = useState('');
  const { found, busy } = useRecordSearch(term);
  const asked = term.trim().toLowerCase();
  const fits = ({ key, label, also = '' }: Place) => `${label} ${also} ${OTHER_WORDS[key] ?? ''}`.toLowerCase().includes(asked);
  // A record is offered where it has a page to go to.
  const record = (command: Omit<Command, 'run'>, entity: string, id: string | null): Command[] => {
    const place = pathOfRecord(entity, id);
    return place ? [{ ...command, run: () => void navigate(place) }] : [];
  };
  const records: Command[] = [
    ...(found?.customers ?? []).flatMap(({ id, name, phoneMasked, plate }) =>
      record(
        { key: `customer-${id}`, label: name, icon: <UserOutlined />, hint: [plate, phoneMasked].filter(Boolean).join('　') },
        'customer',
        id,
      ),
    ),
    // A car leads to its owner: that is where one goes on. Found by its VIN it says so, for the plate alone would not tell why it is here.
    ...(found?.vehicles ?? []).flatMap(({ id, plate, vin, model, ownerId, ownerName }) => {
      const byVin = plate !== null && vin?.toLowerCase().endsWith(asked) ? vin : null;
      const hint = [byVin, model, ownerName].filter(Boolean).join('　');
      return record({ key: `vehicle-${id}`, label: plate ?? vin ?? '–', icon: <CarOutlined />, hint }, 'customer', ownerId);
    }),
  ];
  const complaints = (found?.complaints ?? []).flatMap(({ id, number, customerName }) =>
    record({ key: `complaint-${id}`, label: number, icon: <CustomerServiceOutlined />, hint: customerName }, 'complaint', id),
  );
  const create = creationsFor(me).map(({ key, label, link }): Command => ({
    key,
    label: t(label),
    icon: <PlusOutlined />,
    run: () => void navigate(link),
  }));
  const help: Command = { key: 'help', label: t('shell.shortcutHelp'), icon: <QuestionCircleOutlined />, keys: '?', run: onHelp };
  const reports = `reports ${t('navigation.reports')}`;
  const go = [
    ...navigationFor(me).map(({ key, label, link }): Place => ({
      key,
      label: t(label),
      icon: <ArrowRightOutlined />,
      run: 'href' in link ? () => location.assign(link.href) : () => void navigate(link),
      ...('href' in link && { also: reports }),
    })),
    ...reportsFor(me).map((page): Place => ({
      key: `report-${page}`,
      label: t(`navigation.reportPages.${page}`),
      icon: <ArrowRightOutlined />,
      run: () => location.assign(reportAddress(page).href),
      also: reports,
    })),
  ];
  return (
    <CommandPalette
      onClose={onClose}
      title={t('shell.palette')}
      placeholder={t('shell.paletteHint')}
      term={term}
      onTerm={setTerm}
      onReady={() => setTerm((typed) => typed || ahead.end())}
      busy={busy}
      groups={[
        { heading: t('shell.groupCustomers'), commands: records },
        { heading: t('shell.paletteComplaints'), commands: complaints },
        { heading: t('shell.paletteActions'), commands: [...create, help].filter(fits) },
        { heading: t('shell.paletteGo'), commands: go.filter(fits) },
      ]}
    />
  );
}
