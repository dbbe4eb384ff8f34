import { DeleteOutlined, DownloadOutlined, FileExcelOutlined, InboxOutlined } from '@ant-design/icons';
import { FILE_KINDS, type FileKind } from '@baoke/core/imports';
import { refusalText } from '@baoke/i18n/lazy';
import { saveMadeFile, useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import './imports.css';
import { uploadFiles, UploadRefused } from './upload.ts';
import { WizardSteps } from './WizardSteps.tsx';
import { sizeText } from './words.ts';

const AT_ONCE = 10;

/** Step one: the files. Any order, any names; what they are is recognised from their content. */
export function NewImportPage() {
  const { t } = useTranslation();
  const { trpc, queryClient } = useApi();
  const { words } = useUi();
  const navigate = useNavigate();
  const [files, setFiles] = useState<readonly File[]>([]);
  const upload = useMutation({
    mutationFn: uploadFiles,
    networkMode: 'always',
    onSuccess: async (importId) => {
      void queryClient.invalidateQueries(trpc.imports.list.pathFilter());
      await navigate(paths.import(importId));
    },
  });
  const { error } = upload;
  return (
    <section className="import" aria-label={t('imports.wizard.newTitle')}>
      <header className="ui-page-head">
        <div>
          <h1>{t('imports.wizard.newTitle')}</h1>
          <p className="ui-quiet">{t('imports.wizard.hint')}</p>
        </div>
      </header>
      <WizardSteps at="files" />
      {error && (
        <Alert
          type="error"
          showIcon
          className="ui-form-alert"
          title={error instanceof UploadRefused ? refusalText(t, error.code) : t('errors.network')}
          description={error instanceof UploadRefused && error.requestId ? words('requestId', { id: error.requestId }) : undefined}
        />
      )}
      <div className="import-columns">
        <div className="ui-panel">
          <Upload.Dragger
            multiple
            accept=".xlsx,.xlsm,.csv,.txt,.tsv"
            showUploadList={false}
            // Files wait here until all are chosen; then they go in one request.
            beforeUpload={(file) => {
              setFiles((known) => [...known.filter(({ name }) => name !== file.name), file].slice(0, AT_ONCE));
              return false;
            }}
          >
            <p className="import-drop-icon">
              <InboxOutlined aria-hidden="true" />
            </p>
            <p className="import-drop">{t('imports.wizard.drop')}</p>
            <p className="ui-quiet">{t('imports.wizard.dropHint')}</p>
          </Upload.Dragger>
          {files.length > 0 && (
            <>
              <h2 className="import-chosen">{t('imports.wizard.chosen', { count: files.length })}</h2>
              <ul className="import-files">
                {files.map((file) => (
                  <li key={file.name}>
                    <FileExcelOutlined aria-hidden="true" />
                    <span className="import-file-name">{file.name}</span>
                    <span className="ui-quiet ui-figures">{sizeText(file.size)}</span>
                    <Button
                      type="text"
                      icon={<DeleteOutlined />}
                      aria-label={t('imports.wizard.remove', { name: file.name })}
                      onClick={() => setFiles(files.filter((other) => other !== file))}
                    />
                  </li>
                ))}
              </ul>
              {files.length === AT_ONCE && <p className="ui-quiet">{t('imports.wizard.tooMany')}</p>}
            </>
          )}
          <div className="import-actions">
            <Button
              type="primary"
              size="large"
              disabled={files.length === 0}
              loading={upload.isPending}
              onClick={() => upload.mutate(files)}
            >
              {t('imports.wizard.upload')}
            </Button>
          </div>
        </div>
        <aside className="ui-panel">
          <h2>{t('imports.wizard.order')}</h2>
          <ol className="import-order">
            {FILE_KINDS.map((kind) => (
              <li key={kind}>
                <strong>{t(`imports.kinds.${kind}`)}</strong>
                <TemplateButton kind={kind} />
                <br />
                <span className="ui-quiet">{t(`imports.wizard.kindHints.${kind}`)}</span>
              </li>
            ))}
          </ol>
          <p className="ui-quiet">{t('imports.wizard.orderHint')}</p>
        </aside>
      </div>
    </section>
  );
}

/** An empty workbook to fill in, for what no system exports. */
function TemplateButton({ kind }: { readonly kind: FileKind }) {
  const { t, i18n } = useTranslation();
  const { trpc, queryClient } = useApi();
  const { describeFailure } = useUi();
  const toast = useToast();
  const load = useMutation({
    mutationFn: () => queryClient.fetchQuery(trpc.imports.template.queryOptions({ kind, locale: i18n.language === 'en' ? 'en' : 'zh' })),
    networkMode: 'always',
    onSuccess: saveMadeFile,
    onError: (error) => toast.error(describeFailure(error).text),
  });
  const label = t('imports.template.get', { kind: t(`imports.kinds.${kind}`) });
  return (
    <Button type="link" size="small" icon={<DownloadOutlined />} aria-label={label} loading={load.isPending} onClick={() => load.mutate()}>
      {t('imports.template.short')}
    </Button>
  );
}
