import type { Outputs } from '@baoke/client';
import type { CivilDate } from '@baoke/core/kernel';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Change, RateChange } from '../../report/figures.tsx';
import type { ReportSearch } from '../../report/search.ts';
import { useFormats } from '../../shell/formats.ts';
import { useApi, useMe } from '../../shell/session.ts';

const AtRiskDrawer = lazy(async () => ({ default: (await import('./AtRiskDrawer.tsx')).AtRiskDrawer }));

const DeliveriesDrawer = lazy(async () => ({ default: (await import('../../report/DeliveriesDrawer.tsx')).DeliveriesDrawer }));

type Figure = Outputs['reports']['home']['figures'][number];
const PRESSING = new Set<Figure['figure']>(['complaints_running_out', 'overdue_calls', 'missed_calls', 'sales_complaints']);
const FEWER_IS_BETTER = new Set<Figure['figure']>([
  'overdue_calls',
  'missed_calls',
  'complaints_running_out',
  'service_complaint_rate',
  'sales_complaints',
  'at_risk',
]);

/** The five figures that need this manager today; each opens the rows it was counted from. */
export function HomePage() {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const me = useMe();
  const search: ReportSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const close = () => void navigate({ to: '/', search: {}, replace: true });
  const { data } = useSuspenseQuery(trpc.reports.home.queryOptions());
  return (
    <>
      <div className="rp-head">
        <div>
          <h1>{t('reports.home.title')}</h1>
          <p className="rp-period">
            <span className="ui-figures">{data.today}</span>
            <span className="ui-quiet">
              {me.store.name} · {t('reports.home.hint')}
            </span>
          </p>
        </div>
      </div>
      <ul className="rp-five">
        {data.figures.map((figure) => (
          <li key={figure.figure}>
            <FigureCard figure={figure} />
          </li>
        ))}
      </ul>
      <Suspense>
        {search.rows === 'at_risk' && <AtRiskDrawer onClose={close} />}
        {search.rows === 'deliveries' && search.from && search.to && (
          <DeliveriesDrawer period={{ from: search.from, to: search.to }} onClose={close} />
        )}
      </Suspense>
    </>
  );
}

function FigureCard({ figure }: { readonly figure: Figure }) {
  const { t } = useTranslation();
  const { rate, count } = useFormats();
  const { figure: name, value, whole, before, beforeWhole } = figure;
  const isRate = whole !== null;
  const decimals = name === 'service_complaint_rate' ? 3 : 1;
  const content = (
    <>
      <span className="rp-five-name">
        {t(`reports.home.figures.${name}`)} <span className="ui-quiet">{t(`reports.home.whose.${figure.whose}`)}</span>
      </span>
      <strong className={PRESSING.has(name) && value > 0 ? 'ui-figures pressing' : 'ui-figures'}>
        {isRate ? rate({ part: value, whole }, decimals) : count(value)}
      </strong>
      {isRate && (
        <span className="ui-quiet ui-figures">
          {count(value)} / {count(whole)}
        </span>
      )}
      {before !== null && (
        <span>
          {isRate ? (
            <RateChange
              now={{ part: value, whole }}
              before={{ part: before, whole: beforeWhole ?? 0 }}
              goodWhen={FEWER_IS_BETTER.has(name) ? 'down' : 'up'}
              decimals={decimals}
            />
          ) : (
            <Change now={value} before={before} goodWhen={FEWER_IS_BETTER.has(name) ? 'down' : 'up'} />
          )}{' '}
          <span className="ui-quiet">
            {t('reports.home.before', { value: isRate ? rate({ part: before, whole: beforeWhole ?? 0 }, decimals) : count(before) })}
          </span>
        </span>
      )}
      <span className="rp-five-hint">{t(`reports.home.hints.${name}`)}</span>
    </>
  );
  // Overdue tasks are dealt with in the team's queue of the console, where they are counted.
  if (name === 'overdue_calls')
    return (
      <a className="rp-card" href="/team?tab=overdue">
        {content}
      </a>
    );
  const place = placeOf({ ...figure, figure: name });
  return (
    <Link className="rp-card" to={place.to} search={place.search}>
      {content}
    </Link>
  );
}

function placeOf({ figure, period }: { readonly figure: Exclude<Figure['figure'], 'overdue_calls'>; readonly period: Figure['period'] }): {
  to: '/' | '/service' | '/callbacks' | '/care' | '/complaints';
  search: ReportSearch;
} {
  const days = period ? { from: period.from as CivilDate, to: period.to as CivilDate } : {};
  switch (figure) {
    case 'visits_week':
      return { to: '/service', search: { kind: 'week', ...days, rows: 'all' } };
    case 'missed_calls':
      return { to: '/care', search: { kind: 'custom', ...days, by: 'person', rows: 'lapsed' } };
    case 'complaints_running_out':
      return { to: '/complaints', search: { rows: 'running_out' } };
    case 'complaints_to_confirm':
      return { to: '/complaints', search: { rows: 'to_confirm' } };
    case 'sales_complaints':
      return { to: '/complaints', search: { rows: 'open', key: 'sales' } };
    case 'satisfaction':
    case 'sales_satisfaction':
      return {
        to: '/callbacks',
        search: { kind: 'custom', ...days, rows: 'satisfied', ...(figure === 'satisfaction' ? {} : { calls: 'sales' }) },
      };
    case 'deliveries_month':
      return { to: '/', search: { ...days, rows: 'deliveries' } };
    case 'service_complaint_rate':
      return { to: '/complaints', search: { kind: 'custom', ...days, rows: 'branch', key: 'service' } };
    case 'at_risk':
      return { to: '/', search: { rows: 'at_risk' } };
  }
}
