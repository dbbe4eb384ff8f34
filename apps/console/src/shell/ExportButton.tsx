import { DownloadOutlined } from '@ant-design/icons';
import { saveMadeFile, useToast, useUi, type MadeFile } from '@baoke/ui';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type ExportAs = { readonly format: 'xlsx' | 'csv'; readonly locale: 'zh' | 'en' };
type ExportButtonProps = {
  /** Has the server make the file of the list as it is filtered now. */
  readonly take: (as: ExportAs) => Promise<MadeFile & { readonly rows: number; readonly complete: boolean }>;
  readonly small?: boolean;
};

/** The list as it is filtered now, as a file. */
export function ExportButton({ take, small = false }: ExportButtonProps) {
  const { t, i18n } = useTranslation();
  const { describeFailure } = useUi();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const run = async (format: ExportAs['format']) => {
    setBusy(true);
    try {
      const file = await take({ format, locale: i18n.language === 'en' ? 'en' : 'zh' });
      saveMadeFile(file);
      if (file.complete) toast.success(t('common.exported', { count: file.rows }));
      else toast.warning(t('common.exportedInPart', { count: file.rows }));
    } catch (error) {
      toast.error(describeFailure(error).text);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'xlsx', label: t('common.exportExcel'), onClick: () => void run('xlsx') },
          { key: 'csv', label: t('common.exportCsv'), onClick: () => void run('csv') },
        ],
      }}
    >
      <Button icon={<DownloadOutlined />} loading={busy} {...(small ? { size: 'small' } : {})}>
        {t('common.export')}
      </Button>
    </Dropdown>
  );
}
