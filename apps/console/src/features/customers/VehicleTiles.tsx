import { CarOutlined, PlusOutlined } from '@ant-design/icons';
import type { CustomerCard } from '@baoke/core/customers/wire';
import { StatusTag } from '@baoke/ui';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../shell/formats.ts';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';

/** The customer's cars with what comes due on each; those that left him stand last and quiet. */
export function VehicleTiles({ card, mayAdd }: { readonly card: CustomerCard; readonly mayAdd: boolean }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  return (
    <div className="customer-vehicles">
      {(card.vehicles ?? []).map((vehicle) => {
        type Dated = [label: string, on: string | null | undefined];
        // What comes due on a car that has left him is no longer his affair.
        const due: Dated[] = vehicle.current
          ? [
              [t('vehicles.fields.maintenanceDue'), vehicle.maintenanceDue?.on],
              ...vehicle.policies.map(({ kind, expiresOn }): Dated => [t(`vehicles.policyKinds.${kind as 'commercial'}`), expiresOn]),
              [t('vehicles.fields.inspectionDueOn'), vehicle.inspectionDueOn],
              [t('vehicles.fields.warrantyUntil'), vehicle.warrantyUntil],
            ]
          : [];
        due.push([t('vehicles.fields.lastVisitOn'), vehicle.lastVisitOn]);
        return (
          <Link
            key={vehicle.id}
            {...paths.vehicle(vehicle.id)}
            className={vehicle.current ? 'customer-vehicle' : 'customer-vehicle customer-vehicle-former'}
          >
            <span className="customer-vehicle-head">
              <CarOutlined />
              <strong>{vehicle.plate ?? t('vehicles.noPlate')}</strong>
              <span>{vehicle.model ?? vehicle.brand}</span>
              {!vehicle.current && <StatusTag tone="neutral">{t('vehicles.former')}</StatusTag>}
            </span>
            <span className="ui-quiet ui-figures">
              {[
                vehicle.lastMileageKm === null ? null : t('vehicles.km', { distance: count(vehicle.lastMileageKm) }),
                vehicle.expectedMileageKm === null
                  ? null
                  : `${t('vehicles.fields.expectedMileageKm')} ${t('vehicles.about', { distance: count(vehicle.expectedMileageKm) })}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <span className="customer-vehicle-due">
              {due.map(
                ([label, on]) =>
                  on && (
                    <span key={label}>
                      {label} <span className="ui-figures">{on}</span>
                    </span>
                  ),
              )}
            </span>
          </Link>
        );
      })}
      {mayAdd && (
        <LinkButton {...paths.newVehicle(card.id)} icon={<PlusOutlined />} type="dashed">
          {t('customers.actions.addVehicle')}
        </LinkButton>
      )}
    </div>
  );
}
