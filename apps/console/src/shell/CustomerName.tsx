import type { Standing } from '@baoke/core/customers';
import type { CustomerId } from '@baoke/core/kernel';
import { StatusTag } from '@baoke/ui';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from './paths.ts';

type Flagged = {
  readonly isFleet: boolean;
  readonly isVip: boolean;
  readonly isDifficult: boolean;
  readonly standing?: Standing;
};

/** The flags of a customer, which stand wherever his name does; that care for him has stopped comes first. */
export function CustomerFlags({ customer }: { readonly customer: Flagged }) {
  const { t } = useTranslation();
  return (
    <>
      {customer.standing === 'deceased' && (
        <span title={t('common.deceasedHint')}>
          <StatusTag tone="ended">{t('common.deceased')}</StatusTag>
        </span>
      )}
      {customer.standing === 'given_up' && (
        <span title={t('common.givenUpHint')}>
          <StatusTag tone="ended">{t('common.givenUp')}</StatusTag>
        </span>
      )}
      {customer.isFleet && <StatusTag tone="info">{t('common.fleet')}</StatusTag>}
      {customer.isVip && <StatusTag tone="good">{t('common.vip')}</StatusTag>}
      {customer.isDifficult && (
        <span title={t('common.difficultHint')}>
          <StatusTag tone="bad">{t('common.difficult')}</StatusTag>
        </span>
      )}
    </>
  );
}

/** A customer's name with his flags; it leads to his card. */
export function CustomerLink({ customer }: { readonly customer: Flagged & { readonly id: CustomerId; readonly name: string } }) {
  return (
    <span className="customer-name">
      <Link {...paths.customer(customer.id)}>{customer.name}</Link>
      <CustomerFlags customer={customer} />
    </span>
  );
}
