import type { ImportView } from '@baoke/core/imports/wire';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../shell/formats.ts';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import './imports.css';
import { MapStep } from './MapStep.tsx';
import { importOptions } from './queries.ts';
import { ResultStep } from './ResultStep.tsx';
import { RunProgress } from './RunProgress.tsx';
import { TryStep } from './TryStep.tsx';
import { WizardSteps, type WizardStep } from './WizardSteps.tsx';

/** One import on its way: columns, trial run, import, result. Where it stands is the server's to say; it survives closing the page. */
export function ImportPage() {
  const { t } = useTranslation();
  const api = useApi();
  const navigate = useNavigate();
  const { dateTime } = useFormats();
  const { importId } = useParams({ from: '/signed-in/imports/$importId' });
  const { map } = useSearch({ from: '/signed-in/imports/$importId' });
  const { data: view } = useSuspenseQuery(importOptions(api, importId));
  const at = stepOf(view, map === true);
  const go = (toMap: boolean) => void navigate({ ...paths.import(importId), search: toMap ? { map: true } : {} });
  return (
    <section className="import" aria-label={t('imports.title')}>
      <header className="ui-page-head">
        <div>
          <h1>{t('imports.wizard.titleOf', { at: dateTime(view.createdAt) })}</h1>
          <p className="ui-quiet">{view.files.map((file) => file.name).join(', ')}</p>
        </div>
        <Link {...paths.imports()}>{t('imports.title')}</Link>
      </header>
      <WizardSteps at={at} failed={view.status === 'failed'} />
      {view.status === 'running' ? (
        <RunProgress view={view} />
      ) : at === 'map' ? (
        <MapStep view={view} onTried={() => go(false)} />
      ) : at === 'try' ? (
        <TryStep view={view} onBack={() => go(true)} />
      ) : (
        <ResultStep view={view} onBack={() => go(true)} />
      )}
    </section>
  );
}

function stepOf({ status, dryRun }: ImportView, wantsMap: boolean): WizardStep {
  if (status === 'running') return dryRun ? 'try' : 'run';
  if (status === 'uploaded' || (wantsMap && (status === 'failed' || (status === 'done' && dryRun)))) return 'map';
  return status === 'done' && dryRun ? 'try' : 'result';
}
