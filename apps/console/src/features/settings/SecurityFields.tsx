import { ROLES } from '@baoke/core/access';
import { SelectMany } from '@baoke/ui';
import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';
import type { Fault } from './judge.ts';

export function SecurityFields({ faults }: { readonly faults: readonly Fault[] }) {
  const { t } = useTranslation();
  return (
    <Field name="secondStepRoles" faults={faults} extra={t('settings.security.rolesHint')}>
      <SelectMany
        options={ROLES.map((role) => ({ value: role, label: t(`roles.${role}`) }))}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('settings.security.nobody')}
      />
    </Field>
  );
}
