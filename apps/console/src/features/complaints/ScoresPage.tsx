import { LeftOutlined, PrinterOutlined, RightOutlined } from '@ant-design/icons';
import { addMonths, civilDate, dateIn, instantOfMilliseconds, type TimeZone } from '@baoke/core/kernel';
import { EmptyState, ErrorState, LoadingState, useNow } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { ExportButton } from '../../shell/ExportButton.tsx';
import { paths } from '../../shell/paths.ts';
import { Printed } from '../../shell/Printed.tsx';
import { useApi, useMe } from '../../shell/session.ts';
import { complaintKindText } from '@baoke/i18n/lazy';
import './complaints.css';

const NUMBER = { align: 'right', className: 'ui-figures' } as const;

function sum<K extends string>(rows: readonly Readonly<Record<K, number>>[], of: K): number {
  return rows.reduce((total, row) => total + row[of], 0);
}

/** 客诉评分表: points against each person of a month by kind of complaint (COMP-09, FRM-63). Shown and printed for payroll, never turned into money. */
export function ScoresPage() {
  const { t } = useTranslation();
  const { client, trpc } = useApi();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/complaints/scores' });
  const today = dateIn(me.store.timeZone as TimeZone, instantOfMilliseconds(useNow(3_600_000)));
  const month = search.month ?? today.slice(0, 7);
  const go = (step: 1 | -1) => void navigate(paths.complaintScores(addMonths(civilDate(`${month}-01`), step).slice(0, 7)));
  const { data, error, refetch } = useQuery(trpc.complaints.scoring.queryOptions({ month }));
  const rows = data?.rows ?? [];
  // A line for each kind of a person; what is of the person as a whole stands once, beside all of them.
  const lines = rows.flatMap(({ kinds, ...person }) =>
    kinds.map(({ kind, complaints, points }, at) => ({
      ...person,
      kind,
      ofKind: complaints,
      kindPoints: points,
      lines: at === 0 ? kinds.length : 0,
    })),
  );
  const ofPerson = (line: (typeof lines)[number]) => ({ rowSpan: line.lines });
  return (
    <section className="complaint-score" aria-label={t('complaints.scoring.title')}>
      <header className="ui-page-head">
        <div>
          <h1>{t('complaints.scoring.title')}</h1>
          <p className="ui-quiet">{t('complaints.scoring.hint')}</p>
          <Printed />
        </div>
        <div className="ui-page-actions">
          {me.can('complaints', 'export') && <ExportButton take={(as) => client.complaints.exportScores.mutate({ month, ...as })} />}
          <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
            {t('common.print')}
          </Button>
        </div>
      </header>
      <div className="ui-panel">
        <p className="complaint-score-month">
          <Button type="text" icon={<LeftOutlined />} aria-label={t('complaints.scoring.previous')} onClick={() => go(-1)} />
          <strong className="ui-figures">
            {t('complaints.scoring.month', { year: month.slice(0, 4), month: Number(month.slice(5)) })}
          </strong>
          <Button
            type="text"
            icon={<RightOutlined />}
            aria-label={t('complaints.scoring.next')}
            disabled={month >= today.slice(0, 7)}
            onClick={() => go(1)}
          />
        </p>
        {error && !data ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <LoadingState />
        ) : rows.length === 0 ? (
          <EmptyState title={t('complaints.scoring.empty')} hint={t('complaints.scoring.emptyHint')} />
        ) : (
          <Table
            size="small"
            rowKey={({ staffId, kind }) => `${staffId} ${kind}`}
            dataSource={lines}
            pagination={false}
            scroll={{ x: 'max-content' }}
            columns={[
              { key: 'name', title: t('complaints.scoring.staff'), dataIndex: 'name', onCell: ofPerson },
              { key: 'department', title: t('complaints.scoring.department'), dataIndex: 'department', onCell: ofPerson },
              { key: 'kind', title: t('complaints.scoring.kind'), render: (_, { kind }) => complaintKindText(t, kind) },
              { key: 'ofKind', title: t('complaints.scoring.complaints'), dataIndex: 'ofKind', ...NUMBER },
              { key: 'kindPoints', title: t('complaints.scoring.kindPoints'), dataIndex: 'kindPoints', ...NUMBER },
              ...(['breaches', 'reopenings', 'points'] as const).map((key) => ({
                key,
                title: t(`complaints.scoring.${key}`),
                dataIndex: key,
                onCell: ofPerson,
                ...NUMBER,
              })),
            ]}
            summary={() => (
              <Table.Summary.Row>
                <Table.Summary.Cell index={0} colSpan={3}>
                  <strong>{t('complaints.scoring.total')}</strong>
                </Table.Summary.Cell>
                {[sum(lines, 'ofKind'), sum(lines, 'kindPoints'), sum(rows, 'breaches'), sum(rows, 'reopenings'), sum(rows, 'points')].map(
                  (total, index) => (
                    // Sums are told apart by their column alone.
                    <Table.Summary.Cell key={index} index={index + 3} align="right">
                      <strong className="ui-figures">{total}</strong>
                    </Table.Summary.Cell>
                  ),
                )}
              </Table.Summary.Row>
            )}
          />
        )}
        {data && (
          <p className="ui-quiet">
            {t('complaints.scoring.rule', {
              ...data.scoring.bySeverity,
              perBreach: data.scoring.perBreach,
              perReopening: data.scoring.perReopening,
            })}
          </p>
        )}
        {data && (
          <ul className="ui-quiet complaint-score-kinds">
            {data.scoring.byKind.map(({ kind, bySeverity }) => (
              <li key={kind}>{t('complaints.scoring.ofKind', { kind: complaintKindText(t, kind), ...bySeverity })}</li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
