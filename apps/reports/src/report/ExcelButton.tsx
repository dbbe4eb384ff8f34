import { FileExcelOutlined } from '@ant-design/icons';
import type { Inputs } from '@baoke/client';
import { useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../shell/session.ts';

/** Fetches the report or its rows as an Excel file; shown to who may take reports away. */
export function ExcelButton({ taken }: { readonly taken: Inputs['reports']['export']['of'] }) {
  const { t, i18n } = useTranslation();
  const { trpc } = useApi();
  const toast = useToast();
  const { describeFailure } = useUi();
  const me = useMe();
  const save = useMutation(
    trpc.reports.export.mutationOptions({
      onSuccess: ({ fileName, contentType, base64, rows }) => {
        const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
        const link = Object.assign(document.createElement('a'), { href: address, download: fileName });
        link.click();
        URL.revokeObjectURL(address);
        toast.success(t('reports.exported', { count: rows }));
      },
      onError: (error) => void toast.error(describeFailure(error).text),
    }),
  );
  if (!me.can('insight', 'export')) return null;
  return (
    <Button icon={<FileExcelOutlined />} loading={save.isPending} onClick={() => save.mutate({ of: taken, locale: i18n.language === 'zh' ? 'zh' : 'en' })}>
      {t('reports.excel')}
    </Button>
  );
}
