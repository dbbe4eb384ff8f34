import { EditOutlined } from '@ant-design/icons';
import type { VehicleView } from '@baoke/core/vehicles/wire';
import { Money, NoValue, StatusTag } from '@baoke/ui';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Table } from 'antd';
import type { TFunction } from 'i18next';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CustomerLink } from '../../shell/CustomerName.tsx';
import { useFormats } from '../../shell/formats.ts';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { MileageDialog, OwnerDialog } from './VehicleDialogs.tsx';
import { vehicleOptions } from './queries.ts';
import './vehicles.css';

type Field =
  | 'vin'
  | 'engineNo'
  | 'brand'
  | 'model'
  | 'configuration'
  | 'transmission'
  | 'colour'
  | 'platedOn'
  | 'purchasedOn'
  | 'deliveredOn'
  | 'soldByUs'
  | 'status'
  | 'remark'
  | 'lastMileageKm'
  | 'expectedMileageKm'
  | 'maintenanceDue'
  | 'nextTold'
  | 'warrantyUntil'
  | 'inspectionDueOn';

/** One car: what it is, what comes due, whose it was, what was done to it. */
export function VehiclePage() {
  const { t } = useTranslation();
  const { vehicleId } = useParams({ from: '/signed-in/vehicles/$vehicleId' });
  const { data: vehicle } = useSuspenseQuery(vehicleOptions(useApi(), vehicleId));
  const [dialog, setDialog] = useState<'mileage' | 'owner'>();
  const { owner } = vehicle;
  return (
    <article className="vehicle-page">
      <header className="ui-page-head">
        <div>
          <h1>
            {vehicle.plate ?? t('vehicles.noPlate')} {vehicle.model}
            {vehicle.status !== 'in_use' && <StatusTag tone="neutral">{t(`vehicles.statuses.${vehicle.status}`)}</StatusTag>}
          </h1>
          <p className="vehicle-owner">
            {t('vehicles.fields.owner')} {owner ? <CustomerLink customer={owner} /> : t('vehicles.noOwner')}{' '}
            <span className="ui-quiet ui-figures">{owner?.phoneMasked}</span>
          </p>
        </div>
        {vehicle.may.edit && (
          <div className="ui-page-actions">
            <Button onClick={() => setDialog('mileage')}>{t('vehicles.addMileage')}</Button>
            <Button onClick={() => setDialog('owner')}>{t('vehicles.changeOwner')}</Button>
            <LinkButton {...paths.editVehicle(vehicleId)} icon={<EditOutlined />}>
              {t('common.edit')}
            </LinkButton>
          </div>
        )}
      </header>
      <section className="ui-panel">
        <h2>{t('vehicles.sections.due')}</h2>
        <Due vehicle={vehicle} />
      </section>
      <section className="ui-panel">
        <h2>{t('vehicles.sections.facts')}</h2>
        <Facts vehicle={vehicle} />
      </section>
      {vehicle.visits && <Visits visits={vehicle.visits} />}
      <History vehicle={vehicle} />
      {dialog === 'mileage' && <MileageDialog vehicle={vehicle} onClose={() => setDialog(undefined)} />}
      {dialog === 'owner' && <OwnerDialog vehicle={vehicle} onClose={() => setDialog(undefined)} />}
    </article>
  );
}

function FactList({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="ui-facts">
      {facts.map(([label, value], at) => (
        <div key={at}>
          <dt>{label}</dt>
          <dd>{value === null || value === undefined || value === '' ? <NoValue /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Due({ vehicle }: { readonly vehicle: VehicleView }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const name = (field: Field) => t(`vehicles.fields.${field}`);
  const { maintenanceDue, lastMileageKm, lastMileageOn, expectedMileageKm, policies } = vehicle;
  return (
    <FactList
      facts={[
        [name('maintenanceDue'), maintenanceDue && `${maintenanceDue.on}（${t(`vehicles.dueBy.${maintenanceDue.by}`)}）`],
        ...(vehicle.nextServiceOn === null && vehicle.nextServiceKm === null
          ? []
          : [[name('nextTold'), <NextTold key="nextTold" vehicle={vehicle} />] as const]),
        [
          name('lastMileageKm'),
          lastMileageKm === null ? null : [t('vehicles.km', { distance: count(lastMileageKm) }), lastMileageOn].filter(Boolean).join(' · '),
        ],
        [name('expectedMileageKm'), expectedMileageKm === null ? null : t('vehicles.about', { distance: count(expectedMileageKm) })],
        [name('warrantyUntil'), vehicle.warrantyUntil],
        [name('inspectionDueOn'), vehicle.inspectionDueOn],
        ...policies
          .slice(0, 4)
          .map((policy): [string, ReactNode] => [
            t(`vehicles.policyKinds.${policy.kind}`),
            [policy.expiresOn, policy.insurer].filter(Boolean).join(' · '),
          ]),
      ]}
    />
  );
}

function NextTold({ vehicle: { nextServiceOn, nextServiceKm, nextToldOn, nextSpent } }: { readonly vehicle: VehicleView }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const next = [nextServiceOn, nextServiceKm === null ? null : t('vehicles.km', { distance: count(nextServiceKm) })];
  const told = [nextToldOn === null ? null : t('vehicles.toldOn', { day: nextToldOn }), nextSpent ? t('vehicles.nextSpent') : null];
  return (
    <>
      <div className={nextSpent ? 'ui-quiet' : undefined}>{next.filter(Boolean).join(' / ')}</div>
      <div className="ui-quiet">{told.filter(Boolean).join(' · ')}</div>
    </>
  );
}

function Facts({ vehicle }: { readonly vehicle: VehicleView }) {
  const { t } = useTranslation();
  const name = (field: Field) => t(`vehicles.fields.${field}`);
  return (
    <FactList
      facts={[
        [name('vin'), vehicle.vin && <VinText key="vin" vehicle={vehicle} />],
        [name('engineNo'), vehicle.engineNo],
        [name('brand'), vehicle.brand],
        [name('model'), [vehicle.model, vehicle.configuration].filter(Boolean).join(' ')],
        [name('transmission'), vehicle.transmission && t(`vehicles.transmissions.${vehicle.transmission}`)],
        [name('colour'), vehicle.colour],
        [name('platedOn'), vehicle.platedOn],
        [name('purchasedOn'), vehicle.purchasedOn],
        [name('deliveredOn'), vehicle.deliveredOn],
        [name('soldByUs'), t(vehicle.soldByUs ? 'common.yes' : 'common.no')],
        [name('status'), t(`vehicles.statuses.${vehicle.status}`)],
        [name('remark'), vehicle.remark],
      ]}
    />
  );
}

function VinText({ vehicle: { vin, vinCheck } }: { readonly vehicle: VehicleView }) {
  const { t } = useTranslation();
  return (
    <span>
      <span className="ui-figures">{vin}</span> {vinCheck === 'wrong' && <StatusTag tone="warn">{t('vehicles.vinChecks.wrong')}</StatusTag>}
    </span>
  );
}

function Visits({ visits }: { readonly visits: NonNullable<VehicleView['visits']> }) {
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
  return (
    <section className="ui-panel">
      <h2>{t('vehicles.sections.visits')}</h2>
      <Table
        size="small"
        rowKey="id"
        pagination={false}
        dataSource={visits}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('service.fields.arrivedOn'), dataIndex: 'arrivedOn', className: 'ui-figures' },
          { title: t('service.fields.orderNo'), dataIndex: 'orderNo', className: 'ui-figures' },
          { title: t('service.fields.category'), dataIndex: 'category', render: nameOf },
          {
            title: t('service.fields.mileageKm'),
            align: 'right',
            className: 'ui-figures',
            render: (_, { mileageKm }) => (mileageKm === null ? <NoValue /> : count(mileageKm)),
          },
          {
            title: t('service.fields.received'),
            dataIndex: 'receivedFen',
            align: 'right',
            render: (fen: number | null) => (fen === null ? <NoValue /> : <Money fen={fen} />),
          },
          { title: t('service.fields.advisor'), dataIndex: 'advisorName' },
        ]}
      />
    </section>
  );
}

function periodText(t: TFunction, from: string | null, to: string | null): string {
  if (from && to) return `${from} – ${to}`;
  if (from) return t('vehicles.since', { from });
  return to ? t('vehicles.until', { to }) : t('vehicles.sinceUnknown');
}

function History({ vehicle }: { readonly vehicle: VehicleView }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  return (
    <div className="vehicle-history">
      <section className="ui-panel">
        <h2>{t('vehicles.sections.people')}</h2>
        <ul>
          {vehicle.people.map(({ customerId, name, role, from, to }, at) => (
            <li key={`${customerId ?? ''}-${role}-${at}`}>
              {t(`vehicles.roles.${role}`)} {customerId ? <Link {...paths.customer(customerId)}>{name}</Link> : t('vehicles.hiddenPerson')}{' '}
              <span className="ui-quiet ui-figures">{periodText(t, from, to)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section className="ui-panel">
        <h2>{t('vehicles.sections.plates')}</h2>
        {vehicle.plates.length === 0 && <p className="ui-quiet">{t('vehicles.noPlates')}</p>}
        <ul>
          {vehicle.plates.map(({ plate, from, to }) => (
            <li key={`${plate}-${from}`}>
              {plate} <span className="ui-quiet ui-figures">{periodText(t, from, to)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section className="ui-panel">
        <h2>{t('vehicles.sections.readings')}</h2>
        <ul>
          {vehicle.readings.slice(0, 12).map(({ readOn, mileageKm, source, doubtful }) => (
            <li key={`${readOn}-${mileageKm}`}>
              <span className="ui-figures">
                {readOn} · {t('vehicles.km', { distance: count(mileageKm) })}
              </span>{' '}
              <span className="ui-quiet">{t(`vehicles.sources.${source as 'visit'}`)}</span>{' '}
              {doubtful && <StatusTag tone="warn">{t('vehicles.doubtful')}</StatusTag>}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
