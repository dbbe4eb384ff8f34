import { FireFilled } from '@ant-design/icons';
import type { ComplaintStatus, Severity } from '@baoke/core/complaints';
import type { ComplaintRow } from '@baoke/core/complaints/wire';
import { StatusTag } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { SEVERITY_TONES, STATUS_TONES } from './words.ts';

export function ComplaintStatusTag({ status }: { readonly status: ComplaintStatus }) {
  const { t } = useTranslation();
  return <StatusTag tone={STATUS_TONES[status]}>{t(`complaints.statuses.${status}`)}</StatusTag>;
}

export function SeverityTag({ severity }: { readonly severity: Severity }) {
  const { t } = useTranslation();
  return (
    <StatusTag tone={SEVERITY_TONES[severity]} icon={severity === 'high' ? <FireFilled /> : undefined}>
      {t(`complaints.severities.${severity}`)}
    </StatusTag>
  );
}

/** A customer's flags stand wherever his name does: fleet, important, difficult. */
export function CustomerName({ customer }: { readonly customer: ComplaintRow['customer'] }) {
  const { t } = useTranslation();
  return (
    <span className="complaint-customer">
      {customer.name}
      {customer.isFleet && <StatusTag tone="info">{t('common.fleet')}</StatusTag>}
      {customer.isVip && <StatusTag tone="good">{t('common.vip')}</StatusTag>}
      {customer.isDifficult && (
        <span title={t('common.difficultHint')}>
          <StatusTag tone="bad">{t('common.difficult')}</StatusTag>
        </span>
      )}
    </span>
  );
}
