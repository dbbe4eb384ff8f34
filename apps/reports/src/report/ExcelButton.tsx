import { FileExcelOutlined } from '@ant-design/icons';
import type { Inputs, Outputs } from '@baoke/client';
import { saveMadeFile, useToast, useUi } from '@baoke/ui';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../shell/session.ts';

type Taken = Inputs['reports']['export']['of'];
type Locale = 'zh' | 'en';
/** Has the server make the file of a list that is no report. */
export type Take = (locale: Locale) => Promise<Outputs['reports']['export']>;

/** Fetches a report or its rows as an Excel file; shown to who may take reports away. */
export function ExcelButton({ taken }: { readonly taken: Taken }) {
  const { client } = useApi();
  const me = useMe();
  if (!me.can('insight', 'export')) return null;
  return <TakeButton take={(locale) => client.reports.export.mutate({ of: taken, locale })} />;
}

/** Hands over the file that the server makes. */
export function TakeButton({ take }: { readonly take: Take }) {
  const { t, i18n } = useTranslation();
  const toast = useToast();
  const { describeFailure } = useUi();
  const save = useMutation({
    mutationFn: take,
    onSuccess: (file) => {
      saveMadeFile(file);
      if (file.complete) toast.success(t('reports.exported', { count: file.rows }));
      else toast.warning(t('common.exportedInPart', { count: file.rows }));
    },
    onError: (error) => toast.error(describeFailure(error).text),
  });
  return (
    <Button icon={<FileExcelOutlined />} loading={save.isPending} onClick={() => save.mutate(i18n.language === 'zh' ? 'zh' : 'en')}>
      {t('reports.excel')}
    </Button>
  );
}
