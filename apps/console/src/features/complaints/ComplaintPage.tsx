import { PrinterOutlined } from '@ant-design/icons';
import type { ComplaintKind, Severity } from '@baoke/core/complaints';
import type { ComplaintView } from '@baoke/core/complaints/wire';
import { DateText, Money, NoValue, PhoneText, StatusTag, Timeline, type TimelineItem } from '@baoke/ui';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Fen, Instant } from '@baoke/core/kernel';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { complaintOptions } from '../../shell/complaints/complaint.ts';
import { ComplaintSteps } from '../../shell/complaints/ComplaintSteps.tsx';
import { complaintKindText, refusalText } from '@baoke/i18n/lazy';
import { PauseNote } from '../../shell/complaints/PauseNote.tsx';
import { CustomerLink } from '../../shell/CustomerName.tsx';
import { useFormats } from '../../shell/formats.ts';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './complaints.css';
import { PromiseClock } from './PromiseClock.tsx';
import { ComplaintStatusTag, CustomerName, OrderName, SeverityTag, VehicleName, VisitName } from './tags.tsx';
import { EVENT_TONES } from './words.ts';

/** One complaint: what was said, what was promised, what happened, what comes next. */
export function ComplaintPage() {
  const { t } = useTranslation();
  const { complaintId } = useParams({ from: '/signed-in/complaints/$complaintId' });
  const { data: view } = useSuspenseQuery(complaintOptions(useApi(), complaintId));
  const me = useMe();
  const { complaint, customer } = view;
  return (
    <article className="complaint-page">
      <header className="ui-page-head">
        <h1>
          <span className="ui-figures">{t('complaints.card', { number: complaint.number })}</span>
          <ComplaintStatusTag status={complaint.status} />
          <SeverityTag severity={complaint.severity} />
        </h1>
        <div className="ui-page-actions">
          <LinkButton {...paths.complaintForm(complaint.id)} icon={<PrinterOutlined />}>
            {t('complaints.printForm')}
          </LinkButton>
        </div>
      </header>
      <div className="complaint-main">
        <section className="ui-panel" aria-label={t('complaints.sections.actions')}>
          <ComplaintSteps view={view} />
        </section>
        <section className="ui-panel">
          <h2>{t('complaints.sections.facts')}</h2>
          <blockquote className="complaint-said">{complaint.content}</blockquote>
          <Facts
            view={view}
            customer={me.can('customers', 'view') ? <CustomerLink customer={customer} /> : <CustomerName customer={customer} />}
          />
        </section>
        <section className="ui-panel">
          <h2>{t('complaints.sections.history')}</h2>
          <History view={view} />
        </section>
      </div>
      <aside className="complaint-side">
        <section className="ui-panel">
          <h2>{t('complaints.sections.promises')}</h2>
          <Promises view={view} />
        </section>
      </aside>
    </article>
  );
}

function Facts({ view, customer }: { readonly view: ComplaintView; readonly customer: ReactNode }) {
  const { t } = useTranslation();
  const { complaint, vehicle, visit, order, department, handler, accused, registeredByName } = view;
  const { client } = useApi();
  const reveal = async () => (await client.complaints.revealPhone.mutate({ complaintId: complaint.id })).phones[0]?.number ?? '';
  const solved = complaint.status === 'solved' || complaint.status === 'closed' ? complaint : undefined;
  const facts: [string, ReactNode][] = [
    [t('complaints.fields.customer'), customer],
    [
      t('common.phone'),
      view.customer.phoneMasked ? (
        <span key="phone">
          <PhoneText masked={view.customer.phoneMasked} {...(view.canReveal ? { onReveal: reveal } : {})} />
          {view.notCalled && <StatusTag tone="warn">{refusalText(t, view.notCalled)}</StatusTag>}
        </span>
      ) : (
        <NoValue />
      ),
    ],
    [t('complaints.fields.vehicle'), vehicle ? <VehicleName key="vehicle" vehicle={vehicle} /> : <NoValue />],
    [t('complaints.fields.kind'), complaintKindText(t, complaint.kind)],
    [t('complaints.fields.source'), t(`complaints.sources.${complaint.source}`)],
    [t('complaints.fields.department'), department],
    [t('complaints.fields.handler'), handler.name],
    [t('complaints.fields.accused'), accused?.name ?? <NoValue />],
    [t('complaints.fields.registeredAt'), <DateText key="at" at={complaint.registeredAt} />],
    [t('complaints.fields.registeredBy'), registeredByName],
    ...(visit ? [[t('complaints.fields.visit'), <VisitName key="visit" visit={visit} />] satisfies [string, ReactNode]] : []),
    ...(order ? [[t('complaints.fields.order'), <OrderName key="order" order={order} />] satisfies [string, ReactNode]] : []),
    ...(complaint.reopenedCount > 0 ? [[t('complaints.fields.reopenedCount'), complaint.reopenedCount] satisfies [string, ReactNode]] : []),
    ...(solved || complaint.goodwillFen > 0
      ? [[t('complaints.fields.goodwillShort'), <Money key="goodwill" fen={complaint.goodwillFen} />] satisfies [string, ReactNode]]
      : []),
    ...(solved ? [[t('complaints.fields.cause'), solved.cause ?? <NoValue />] satisfies [string, ReactNode]] : []),
  ];
  return (
    <dl className="ui-facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Promises({ view: { complaint } }: { readonly view: ComplaintView }) {
  const { t } = useTranslation();
  const { dateTime } = useFormats();
  return (
    <>
      <PauseNote complaint={complaint} />
      <dl className="complaint-promises">
        {(['response', 'close'] as const).map((promise) => (
          <div key={promise}>
            <dt>{t(`complaints.promises.${promise}`)}</dt>
            <dd>
              <PromiseClock complaint={complaint} promise={promise} />
              <span className="ui-quiet ui-figures">
                {t('complaints.dueAt', { at: dateTime(complaint[promise].dueAt) })}
                {complaint.businessHours && ` · ${t('complaints.businessHours')}`}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function History({ view }: { readonly view: ComplaintView }) {
  const { t } = useTranslation();
  const { money, dateTime } = useFormats();
  const items = view.events
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.id.localeCompare(a.id)))
    .map((event): TimelineItem => ({
      key: event.id,
      at: event.at,
      title: t(`complaints.events.${event.kind}`),
      by: event.by?.name ?? t('complaints.bySystem'),
      tone: EVENT_TONES[event.kind],
      body: [detailText(t, event, { money, dateTime }), event.note].filter(Boolean).join('\n'),
    }));
  return <Timeline items={items} label={t('complaints.sections.history')} />;
}

/** What the kind of event adds to its note: names, shares, amounts. */
function detailText(
  t: TFunction,
  { kind, details }: ComplaintView['events'][number],
  { money, dateTime }: Pick<ReturnType<typeof useFormats>, 'money' | 'dateTime'>,
): string | undefined {
  if (typeof details.until === 'string') return t('complaints.eventUntil', { at: dateTime(details.until as Instant) });
  if (kind === 'resumed') return details.limit === true ? t('complaints.eventPauseOver') : undefined;
  if (kind === 'reassigned') return t('complaints.eventReassigned', { from: String(details.from ?? '–'), to: String(details.to ?? '–') });
  if (kind === 'amended') {
    const changed = (label: string, from: string | undefined, to: string | undefined) =>
      from !== undefined && to !== undefined && t('complaints.eventChanged', { label, from, to });
    const named = (value: (typeof details)[string] | undefined) => (value === undefined ? undefined : String(value ?? '–'));
    const said = (value: (typeof details)[string] | undefined, inWords: (code: string) => string) =>
      typeof value === 'string' ? inWords(value) : undefined;
    const kindWords = (code: string) => complaintKindText(t, code as ComplaintKind); // written by the use case, from the tree of kinds
    const severity = (code: string) => t(`complaints.severities.${code as Severity}`);
    return [
      changed(t('complaints.fields.kind'), said(details.kindFrom, kindWords), said(details.kindTo, kindWords)),
      changed(t('complaints.fields.severity'), said(details.severityFrom, severity), said(details.severityTo, severity)),
      changed(t('complaints.fields.department'), named(details.departmentFrom), named(details.departmentTo)),
      changed(t('complaints.fields.accused'), named(details.accusedFrom), named(details.accusedTo)),
      changed(t('complaints.fields.vehicle'), named(details.vehicleFrom), named(details.vehicleTo)),
      changed(t('complaints.fields.visit'), named(details.visitFrom), named(details.visitTo)),
      changed(t('complaints.fields.order'), named(details.orderFrom), named(details.orderTo)),
      changed(t('complaints.fields.handler'), named(details.from), named(details.to)),
    ]
      .filter(Boolean)
      .join('\n');
  }
  if (kind === 'solved') {
    const { cause, goodwillFen } = details;
    const paid = typeof goodwillFen === 'number' && goodwillFen > 0 && t('complaints.eventGoodwill', { amount: money(goodwillFen as Fen) });
    return [paid, typeof cause === 'string' && cause && t('complaints.eventCause', { cause })].filter(Boolean).join(' · ');
  }
  if (kind !== 'escalated') return undefined;
  const level = (['department_manager', 'general_manager', 'chairman'] as const).find((known) => known === details.level);
  const promise = details.promise === 'response' ? 'response' : 'close';
  return t('complaints.eventEscalated', {
    promise: t(`complaints.promisesShort.${promise}`),
    percent: String(details.percent),
    level: level ? t(`complaints.levels.${level}`) : '',
  });
}
