import { useTranslation } from 'react-i18next';

export function Brand() {
  const { t } = useTranslation();
  return (
    <span className="shell-brand">
      <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={26} height={26} />
      {t('common.product')}
    </span>
  );
}
