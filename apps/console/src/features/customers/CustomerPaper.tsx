import type { CustomerCard } from '@baoke/core/customers/wire';
import { instantOfMilliseconds } from '@baoke/core/kernel';
import { DateText, Money, PrintPage, useNow } from '@baoke/ui';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { contactTimeText } from '../../shell/contact-time.ts';
import { CustomerFlags } from '../../shell/CustomerName.tsx';
import { useFormats } from '../../shell/formats.ts';
import { outcomeText } from '../../shell/outcome-words.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './customers.css';
import { cardOptions } from './queries.ts';
import { birthText, wordOf } from './words.ts';

/** 客户资料卡 and 客户管理卡 on paper, with the flags, for staff (CUST-14, CUST-34). */
export function CustomerPaper() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { customerId, paper } = useParams({ from: '/signed-in/customers/$customerId/print/$paper' });
  const { data: card } = useSuspenseQuery(cardOptions(useApi(), customerId));
  const { dateTime } = useFormats();
  const me = useMe();
  const now = instantOfMilliseconds(useNow(60_000));
  const management = paper === 'management';
  return (
    <PrintPage
      store={me.store.name}
      title={t(`customers.paper.${management ? 'management' : 'data'}`)}
      onBack={() => void navigate(paths.customer(customerId))}
      footer={
        <>
          <span>{t('customers.paper.internal')}</span>
          <span>{t('customers.paper.printedAt', { at: dateTime(now) })}</span>
        </>
      }
    >
      <Data card={card} />
      <Vehicles card={card} />
      {management && (
        <>
          <Visits card={card} />
          <Contacts card={card} />
        </>
      )}
    </PrintPage>
  );
}

function Data({ card }: { readonly card: CustomerCard }) {
  const { t } = useTranslation();
  const cells: [string, ReactNode][] = [
    [
      t('customers.fields.name'),
      <span key="name" className="customer-name">
        {card.name}
        <CustomerFlags customer={card} />
      </span>,
    ],
    [t('customers.fields.relationship'), t(`customers.relationships.${card.relationship}`)],
    [t('customers.fields.phones'), card.phones.map(({ masked }) => masked).join(t('common.listMark'))],
    [t('customers.fields.gender'), card.gender && t(`customers.genders.${card.gender}`)],
    [t('customers.fields.birthday'), card.birth && birthText(t, card.birth)],
    [t('customers.fields.idNumber'), card.idNumberMasked],
    [t('customers.fields.address'), [card.province, card.city, card.district, card.addressMasked].filter(Boolean).join(' ')],
    [t('customers.fields.employer'), [card.employer, card.occupation, card.jobTitle].filter(Boolean).join(' · ')],
    [t('customers.fields.consultant'), card.consultant?.name],
    [t('customers.fields.advisor'), card.advisor?.name],
    [t('customers.fields.preferredContactTime'), card.preferredContactTime && contactTimeText(t, card.preferredContactTime)],
    [t('customers.fields.createdAt'), <DateText key="at" at={card.createdAt} />],
  ];
  const rows = cells.flatMap((cell, at) => (at % 2 === 0 ? [[cell, cells[at + 1]] as const] : []));
  return (
    <table>
      <tbody>
        {rows.map(([left, right]) => (
          <tr key={left[0]}>
            <th scope="row">{left[0]}</th>
            <td>{left[1]}</td>
            <th scope="row">{right?.[0]}</th>
            <td>{right?.[1]}</td>
          </tr>
        ))}
        {card.isDifficult && (
          <tr>
            <th scope="row">{t('customers.flags.difficult')}</th>
            <td colSpan={3}>{card.difficultReason}</td>
          </tr>
        )}
        <tr>
          <th scope="row">{t('customers.fields.remark')}</th>
          <td colSpan={3} className="ui-tall">
            {card.remark}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

type SheetProps = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
};

function SheetTable({ title, head, rows }: SheetProps) {
  const { t } = useTranslation();
  return (
    <>
      <h2 className="customer-paper-title">{title}</h2>
      <table className="customer-paper-rows">
        <thead>
          <tr>
            {head.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={head.length}>{t('customers.paper.noRecords')}</td>
            </tr>
          )}
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, at) => (
                <td key={head[at]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Words({ children }: { readonly children: ReactNode }) {
  return <span className="customer-paper-text">{children}</span>;
}

function Vehicles({ card }: { readonly card: CustomerCard }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const field = (name: 'plate' | 'model' | 'vin' | 'deliveredOn' | 'lastMileageKm' | 'maintenanceDue' | 'expiresOn') =>
    t(`vehicles.fields.${name}`);
  if (!card.vehicles) return null;
  return (
    <SheetTable
      title={t('customers.paper.vehicles')}
      head={[
        field('plate'),
        field('model'),
        field('vin'),
        field('deliveredOn'),
        field('lastMileageKm'),
        field('maintenanceDue'),
        t('vehicles.fields.policies'),
      ]}
      rows={card.vehicles
        .filter(({ current }) => current)
        .map((v) => ({
          key: v.id,
          cells: [
            v.plate,
            <Words key="model">{v.model}</Words>,
            v.vin,
            v.deliveredOn,
            v.lastMileageKm === null ? null : count(v.lastMileageKm),
            v.maintenanceDue?.on,
            <Words key="policies">
              {v.policies.map((p) => `${t(`vehicles.policyKinds.${p.kind as 'commercial'}`)} ${p.expiresOn}`).join('\n')}
            </Words>,
          ],
        }))}
    />
  );
}

function Visits({ card }: { readonly card: CustomerCard }) {
  const { t, i18n } = useTranslation();
  const { count } = useFormats();
  const { trpc } = useApi();
  const me = useMe();
  const { data } = useQuery({
    ...trpc.service.categories.queryOptions(undefined, { staleTime: Infinity }),
    enabled: me.can('service', 'view'),
  });
  const nameOf = (code: string) => {
    const category = data?.categories.find((known) => known.code === code);
    return category ? (i18n.language === 'en' ? category.nameEn : category.nameZh) : code;
  };
  if (!card.visits) return null;
  return (
    <SheetTable
      title={t('customers.paper.visits')}
      head={[
        t('service.fields.arrivedOn'),
        t('service.fields.orderNo'),
        t('service.fields.category'),
        t('service.fields.plate'),
        t('service.fields.mileageKm'),
        t('service.fields.received'),
        t('service.fields.advisor'),
      ]}
      rows={card.visits.map((v) => ({
        key: v.id,
        cells: [
          v.arrivedOn,
          v.orderNo,
          nameOf(v.category),
          v.plate,
          v.mileageKm === null ? null : count(v.mileageKm),
          v.receivedFen === null ? null : <Money key="money" fen={v.receivedFen} />,
          v.advisorName,
        ],
      }))}
    />
  );
}

function Contacts({ card }: { readonly card: CustomerCard }) {
  const { t } = useTranslation();
  if (!card.contacts) return null;
  const channels = t('contacts.channels', { returnObjects: true });
  return (
    <SheetTable
      title={t('customers.paper.contacts')}
      head={[
        t('contacts.fields.occurredAt'),
        t('contacts.fields.channel'),
        t('contacts.fields.outcome'),
        t('contacts.fields.content'),
        t('common.staff'),
      ]}
      rows={card.contacts.map((c) => ({
        key: c.id,
        cells: [
          <DateText key="at" at={c.occurredAt} />,
          wordOf(channels, c.channel),
          outcomeText(t, c.outcome, c.channel),
          <Words key="content">{c.content}</Words>,
          c.staffName,
        ],
      }))}
    />
  );
}
