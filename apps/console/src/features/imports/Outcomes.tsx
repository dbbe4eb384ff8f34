import { DownloadOutlined } from '@ant-design/icons';
import type { Scope } from '@baoke/core/access';
import { opensIdNumbers, ROW_OUTCOMES, seesRows, takesRows, type FileReader, type RowOutcome } from '@baoke/core/imports';
import type { ImportView, RowView } from '@baoke/core/imports/wire';
import { EmptyState, ErrorState, LoadingState, MoreButton, SelectMany, StatusTag, moreOf, useUi } from '@baoke/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../../shell/session.ts';
import { rowsOptions } from './queries.ts';
import { correctionsUrl } from './upload.ts';
import { cellText, findingText, leftOutText, OUTCOME_TONES, reasonText, SEVERITY_TONES } from './words.ts';

const EFFECTS = ['created', 'updated', 'unchanged'] as const;

/** The rows that are looked at first: what was refused, else what is in doubt. */
function telling(file: ImportView['files'][number] | undefined): readonly RowOutcome[] {
  return (file?.counts?.rejected ?? 0) > 0 ? ['rejected'] : ['warned'];
}

/** What became of every file, of every reason, and of every row: from the whole down to the cell. */
export function Outcomes({ view }: { readonly view: ImportView }) {
  const { t } = useTranslation();
  const { formatCount } = useUi();
  const counted = view.files.filter((file) => file.counts !== null && file.missing.length === 0);
  const worst = counted.toSorted((a, b) => (b.counts?.rejected ?? 0) - (a.counts?.rejected ?? 0))[0];
  const [position, setPosition] = useState(worst?.position ?? 0);
  const [outcomes, setOutcomes] = useState<readonly RowOutcome[]>(telling(worst));
  const pick = (file: number, outcome: readonly RowOutcome[]) => {
    setPosition(file);
    setOutcomes(outcome);
  };
  const file = counted.find((one) => one.position === position);
  return (
    <>
      <div className="ui-panel import-scroll">
        <table className="import-counts">
          <thead>
            <tr>
              <th scope="col">{t('imports.wizard.file')}</th>
              <th scope="col">{t('imports.wizard.rows')}</th>
              {ROW_OUTCOMES.map((outcome) => (
                <th key={outcome} scope="col">
                  {t(`imports.outcomes.${outcome}`)}
                </th>
              ))}
              {EFFECTS.map((effect) => (
                <th key={effect} scope="col">
                  {t(`imports.effects.${effect}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.files.map((one) => {
              const { position: at, name, kind } = one;
              const why = leftOutText(t, one);
              // What an earlier trial counted says nothing of a file that is left out since.
              const counts = why === undefined ? one.counts : null;
              return (
                <tr key={at} aria-current={at === position}>
                  <th scope="row">
                    <Button type="link" size="small" className="import-inline" onClick={() => pick(at, telling(one))}>
                      {name}
                    </Button>{' '}
                    <span className="ui-quiet">{kind ? t(`imports.kinds.${kind}`) : t('imports.wizard.kindUnknown')}</span>
                    {why !== undefined && <div className="import-left-out-why">{why}</div>}
                  </th>
                  <td>{counts ? formatCount(counts.rows) : '–'}</td>
                  {ROW_OUTCOMES.map((outcome) => (
                    <td key={outcome}>
                      {counts && counts[outcome] > 0 ? (
                        <button type="button" className={`import-count import-count-${outcome}`} onClick={() => pick(at, [outcome])}>
                          {formatCount(counts[outcome])}
                        </button>
                      ) : (
                        <span className="ui-quiet">{counts ? 0 : '–'}</span>
                      )}
                    </td>
                  ))}
                  {EFFECTS.map((effect) => (
                    <td key={effect}>{counts ? formatCount(counts[effect]) : '–'}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <Corrections view={view} />
      {file && (
        <div className="import-columns">
          <Rows key={`${file.position}.${outcomes.join()}`} view={view} file={file} outcomes={outcomes} onOutcomes={setOutcomes} />
          <Reasons view={view} position={file.position} name={file.name} />
        </div>
      )}
    </>
  );
}

/** Who looks at the rows of an import, for the rules that say what he sees of them. */
function useFileReader({ createdBy }: ImportView): FileReader {
  const { staffId, rights } = useMe();
  return {
    uploader: createdBy === staffId,
    rights: (capability, action): Scope => rights[capability]?.[action] ?? 'none',
  };
}

/** The refused rows of each file as a workbook that imports once it is corrected; with ID numbers in full only when asked for. */
function Corrections({ view }: { readonly view: ImportView }) {
  const { t } = useTranslation();
  const reader = useFileReader(view);
  const [idNumbers, setIdNumbers] = useState(false);
  const refused = view.files.filter((file) => (file.counts?.rejected ?? 0) > 0);
  if (refused.length === 0 || !takesRows(reader)) return null;
  return (
    <div className="ui-panel import-corrections">
      <span className="ui-quiet">{t(reader.uploader ? 'imports.wizard.correctionsHint' : 'imports.wizard.correctionsMasked')}</span>
      {refused.map(({ position, name, counts }) => (
        <Button key={position} icon={<DownloadOutlined />} href={correctionsUrl(view.id, position, idNumbers)} download>
          {name} · {t('imports.wizard.corrections', { count: counts?.rejected ?? 0 })}
        </Button>
      ))}
      {opensIdNumbers(reader) && (
        <Checkbox checked={idNumbers} onChange={({ target }) => setIdNumbers(target.checked)}>
          {t('imports.wizard.correctionsIdNumbers')}
        </Checkbox>
      )}
    </div>
  );
}

function Reasons({ view, position, name }: { readonly view: ImportView; readonly position: number; readonly name: string }) {
  const { t } = useTranslation();
  const { formatCount } = useUi();
  const { client, trpc } = useApi();
  const input = { importId: view.id, position };
  const { data, error, refetch } = useQuery({
    queryKey: [...trpc.imports.reasons.queryKey(input), view.finishedAt],
    queryFn: () => client.imports.reasons.query(input),
  });
  return (
    <aside className="ui-panel" aria-label={t('imports.wizard.reasons')}>
      <h2>{t('imports.wizard.reasons')}</h2>
      <p className="ui-quiet">{name}</p>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <LoadingState rows={4} />
      ) : data.reasons.length === 0 ? (
        <p>{t('imports.wizard.allFine')}</p>
      ) : (
        <ul className="import-reasons">
          {data.reasons.map(({ severity, code, field, rows }) => (
            <li key={`${severity}.${code}.${field}`}>
              <StatusTag tone={SEVERITY_TONES[severity]}>{t(`imports.wizard.severities.${severity}`)}</StatusTag>
              <span>{reasonText(t, { field, code })}</span>
              <span className="ui-figures">{formatCount(rows)}</span>
            </li>
          ))}
        </ul>
      )}
    </aside>
  );
}

type RowsProps = {
  readonly view: ImportView;
  readonly file: ImportView['files'][number];
  readonly outcomes: readonly RowOutcome[];
  readonly onOutcomes: (outcomes: readonly RowOutcome[]) => void;
};

function Rows({ view, file, outcomes, onOutcomes }: RowsProps) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(rowsOptions(useApi(), view, file.position, outcomes));
  const shows = seesRows(useFileReader(view));
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <section className="ui-panel" aria-label={t('imports.wizard.rowTitle')}>
      <div className="import-rows-head">
        <h2>{t('imports.wizard.rowTitle')}</h2>
        <span className="ui-quiet">{file.name}</span>
        <SelectMany
          className="import-outcomes"
          aria-label={t('imports.wizard.outcome')}
          value={[...outcomes]}
          options={ROW_OUTCOMES.map((value) => ({ value, label: t(`imports.outcomes.${value}`) }))}
          onChange={(chosen) => onOutcomes(chosen.length === 0 ? telling(file) : chosen)}
        />
      </div>
      {!shows && <p className="ui-quiet">{t('imports.wizard.rowsHidden')}</p>}
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !rows ? (
        <LoadingState rows={6} />
      ) : rows.length === 0 ? (
        <EmptyState title={t('imports.wizard.allFine')} />
      ) : (
        <>
          <Table<RowView>
            size="small"
            rowKey={({ row }) => row}
            dataSource={rows}
            pagination={false}
            scroll={{ x: 'max-content' }}
            columns={[
              { key: 'row', title: t('imports.wizard.rowNo'), width: 72, align: 'right', render: (_, { row }) => row },
              {
                key: 'outcome',
                title: t('imports.wizard.outcome'),
                width: 96,
                render: (_, { outcome }) => <StatusTag tone={OUTCOME_TONES[outcome]}>{t(`imports.outcomes.${outcome}`)}</StatusTag>,
              },
              {
                key: 'why',
                title: t('imports.wizard.rowWhy'),
                width: 280,
                render: (_, { findings }) => findings.map((finding) => findingText(t, finding)).join('; '),
              },
              ...(shows
                ? [
                    {
                      key: 'cells',
                      title: t('imports.wizard.rowCells'),
                      render: (_: unknown, { cells }: RowView) => (
                        <span className="import-cells">{cells.map(cellText).filter(Boolean).join(' | ')}</span>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          <MoreButton more={moreOf(list)} />
        </>
      )}
    </section>
  );
}

/** The rows of all files together. */
export function totalsOf({ files }: ImportView): Readonly<Record<(typeof EFFECTS)[number] | 'rejected', number>> {
  const sum = (key: (typeof EFFECTS)[number] | 'rejected') =>
    files.reduce((total, { counts, missing }) => total + (missing.length > 0 ? 0 : (counts?.[key] ?? 0)), 0);
  return { created: sum('created'), updated: sum('updated'), unchanged: sum('unchanged'), rejected: sum('rejected') };
}
