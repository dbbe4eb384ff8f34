import { FireFilled } from '@ant-design/icons';
import type { ComplaintStatus, Severity } from '@baoke/core/complaints';
import type { ComplaintRow, ComplaintView } from '@baoke/core/complaints/wire';
import { StatusTag } from '@baoke/ui';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CustomerFlags } from '../../shell/CustomerName.tsx';
import { paths } from '../../shell/paths.ts';
import { useMe } from '../../shell/session.ts';
import { orderText, visitText } from '../../shell/complaints/occasion.ts';
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

/** A customer's name with his flags, which stand wherever it does. */
export function CustomerName({ customer }: { readonly customer: ComplaintRow['customer'] }) {
  return (
    <span className="complaint-customer">
      {customer.name}
      <CustomerFlags customer={customer} />
    </span>
  );
}

/** The vehicle it is about; a link for whoever sees vehicles, and so below. */
export function VehicleName({ vehicle: { id, plate, vin, model } }: { readonly vehicle: NonNullable<ComplaintView['vehicle']> }) {
  const text = [plate ?? vin, model].filter(Boolean).join(' · ');
  return useMe().can('vehicles', 'view') ? <Link {...paths.vehicle(id)}>{text}</Link> : text;
}

/** The visit it is about: in the list of visits, which is the place of one. */
export function VisitName({ visit }: { readonly visit: NonNullable<ComplaintView['visit']> }) {
  const { i18n } = useTranslation();
  const text = visitText(visit, i18n.language === 'en' ? 'en' : 'zh');
  return useMe().can('service', 'view') ? <Link {...paths.visits(visit.orderNo)}>{text}</Link> : text;
}

/** The order it is about: an order has no page, its vehicle has. */
export function OrderName({ order }: { readonly order: NonNullable<ComplaintView['order']> }) {
  const text = [orderText(order), order.plate].filter(Boolean).join(' · ');
  const me = useMe();
  return order.vehicleId && me.can('vehicles', 'view') ? <Link {...paths.vehicle(order.vehicleId)}>{text}</Link> : text;
}
