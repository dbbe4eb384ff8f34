import type { Role } from '@baoke/core/access';
import { useTranslation } from 'react-i18next';

/** How care rules and roles are called; a rule the store made itself goes by its key. */
export function useNames() {
  const { t, i18n } = useTranslation();
  return {
    rule: (key: string | null) =>
      key === null ? t('reports.unknownRule') : i18n.exists(`care.rules.${key}.name`) ? t(`care.rules.${key as 'first_call'}.name`) : key,
    role: (key: string) => t(`roles.${key as Role}`),
  };
}
