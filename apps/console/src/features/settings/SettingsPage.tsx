import { HistoryOutlined } from '@ant-design/icons';
import { SECTIONS, type Section } from '@baoke/core/settings';
import type { SettingView } from '@baoke/core/settings/wire';
import { usePhone, useUi } from '@baoke/ui';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button, Select, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { HistoryDrawer } from './HistoryDrawer.tsx';
import { SectionForm } from './SectionForm.tsx';
import './settings.css';
import { fieldsOf, linesOfField } from './words.ts';
import type { SettingField } from './Field.tsx';

/** What the store sets for itself, a section at a time: edited by who may, read by who may look. */
export function SettingsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { trpc } = useApi();
  const me = useMe();
  const phone = usePhone();
  const { section = 'complaints' } = useSearch({ from: '/signed-in/settings' });
  const { data: view } = useSuspenseQuery(trpc.settings.get.queryOptions({ section }));
  const [showsHistory, setShowsHistory] = useState(false);
  const about = <InForce view={view} onHistory={() => setShowsHistory(true)} />;
  return (
    <section aria-label={t('settings.title')} className="settings">
      {phone ? (
        // Tabs that do not fit hide the rest behind a button that screen readers take for a broken list of tabs.
        <Select<Section>
          className="ui-wide"
          value={section}
          aria-label={t('settings.title')}
          options={SECTIONS.map((value) => ({ value, label: t(`settings.sections.${value}`) }))}
          onChange={(value) => void navigate(paths.settings(value))}
        />
      ) : (
        <Tabs
          activeKey={section}
          items={SECTIONS.map((key) => ({ key, label: t(`settings.sections.${key}`) }))}
          onChange={(key) => void navigate(paths.settings(key as Section))}
        />
      )}
      {me.can('settings', 'edit') ? (
        <SectionForm key={section} view={view} aside={about} />
      ) : (
        <SettingText view={view}>{about}</SettingText>
      )}
      {showsHistory && <HistoryDrawer view={view} onClose={() => setShowsHistory(false)} />}
    </section>
  );
}

function InForce({ view: { of, version, savedAt, savedBy }, onHistory }: { readonly view: SettingView; readonly onHistory: () => void }) {
  const { t } = useTranslation();
  const { formatDateTime } = useUi();
  return (
    <section aria-label={t('settings.inForce')} className="settings-in-force">
      <h2>{t('settings.inForce')}</h2>
      <p>
        {savedAt
          ? t('settings.savedLine', {
              version,
              name: savedBy ? (savedBy.name ?? t('settings.unknownPerson')) : t('settings.bySystem'),
              at: formatDateTime(savedAt),
            })
          : t('settings.shippedLine')}
      </p>
      <p className="ui-quiet">{t(`settings.effects.${of.section}`)}</p>
      <Button icon={<HistoryOutlined />} onClick={onHistory}>
        {t('settings.history.open')}
      </Button>
    </section>
  );
}

/** A section in words, for those who may look but not change. */
function SettingText({ view: { of }, children }: { readonly view: SettingView; readonly children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className="ui-form-page" aria-label={t(`settings.sections.${of.section}`)}>
      <header className="ui-page-head">
        <div>
          <h1>{t(`settings.sections.${of.section}`)}</h1>
          <p className="ui-quiet">{t(`settings.hints.${of.section}`)}</p>
        </div>
      </header>
      <Alert type="info" showIcon className="ui-form-alert" title={t('settings.readOnly')} />
      <div className="ui-form-columns">
        <div className="ui-panel">
          {fieldsOf(of.section).map((field) => {
            const lines = linesOfField(t, of.section, field, of.value[field as keyof typeof of.value]).filter((line) => !line.compared);
            const title = t(`settings.fields.${field as SettingField}`);
            return (
              <section key={field} className="settings-text">
                <h2>{title}</h2>
                {lines.length === 0 && <p className="ui-quiet">{t('common.none')}</p>}
                <dl>
                  {lines.map(({ key, label, text }) => (
                    <div key={key}>
                      {label !== title && <dt>{label}</dt>}
                      <dd>{text}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            );
          })}
        </div>
        <aside className="ui-panel">{children}</aside>
      </div>
    </section>
  );
}
