import type { CustomerId } from '@baoke/core/kernel';
import { isCivilDate } from '@baoke/core/kernel';
import { StatusTag } from '@baoke/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useState, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { CustomerFlags } from '../../shell/CustomerName.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi } from '../../shell/session.ts';
import { RelationshipTag } from './CustomersPage.tsx';
import type { CustomerValues } from './CustomerForm.tsx';

const PAUSE_MS = 300;

type Props = {
  readonly values: Partial<CustomerValues>;
  readonly except?: CustomerId;
  /** Files judged to be somebody else; undefined where nothing has to be judged. */
  readonly judged?: readonly CustomerId[];
  /** `left`: how many files stand in the way after it. */
  readonly onJudge?: (id: CustomerId, left: number) => void;
};

/** Files that may be the customer being typed in, looked for while somebody types. */
export function DuplicatePanel({ values, except, judged, onJudge }: Props) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const question = useSettled({
    kind: values.kind ?? 'person',
    name: values.name?.trim() ?? '',
    phones: (values.phones ?? []).filter((phone) => phone?.trim()),
    idNumber: values.idNumber?.trim() || null,
    birthDate: values.birthDate && isCivilDate(values.birthDate) ? values.birthDate : null,
    address: values.address?.trim() || null,
    plate: values.vehicle?.plate?.trim() || null,
    vin: values.vehicle?.vin?.trim() || null,
    except: except ?? null,
  });
  const ready =
    question.name !== '' || question.phones.length > 0 || question.idNumber !== null || question.plate !== null || question.vin !== null;
  const { data } = useQuery({
    ...trpc.customers.checkDuplicates.queryOptions(question, { placeholderData: keepPreviousData }),
    enabled: ready,
  });
  const items = ready ? (data?.items ?? []) : [];
  // The button goes with the question: the hand passes to the next one.
  const judge = (id: CustomerId, { currentTarget }: MouseEvent) => {
    const open = items.filter((item) => item.certain || (item.id !== id && !judged?.includes(item.id)));
    const buttons = [...(currentTarget.closest('ul')?.querySelectorAll('button') ?? [])];
    buttons.find((button) => button !== currentTarget)?.focus();
    onJudge?.(id, open.length);
  };
  return (
    <div aria-live="polite">
      <h2>{t('customers.duplicates.title')}</h2>
      {items.length === 0 ? (
        <p className="ui-quiet">{t(ready ? 'customers.duplicates.none' : 'customers.duplicates.waiting')}</p>
      ) : (
        <>
          <p className="ui-quiet">{t('customers.duplicates.hint')}</p>
          <ul className="customer-duplicates">
            {items.map((item) => (
              <li key={item.id} className={item.certain ? 'customer-duplicate-certain' : undefined}>
                <span className="customer-name">
                  {item.withinReach ? (
                    <Link {...paths.customer(item.id)} target="_blank">
                      {item.name}
                    </Link>
                  ) : (
                    item.name
                  )}
                  <CustomerFlags customer={item} />
                  <RelationshipTag relationship={item.relationship} />
                </span>
                <span className="ui-figures">{[item.phoneMasked, ...item.plates].filter(Boolean).join(' · ')}</span>
                <span>
                  {item.reasons.map((reason) => (
                    <StatusTag key={reason} tone={item.certain ? 'bad' : 'warn'}>
                      {t(`customers.duplicates.reasons.${reason}`)}
                    </StatusTag>
                  ))}
                </span>
                {!item.withinReach && item.consultant && (
                  <span className="ui-quiet">{t('customers.duplicates.askOwner', { name: item.consultant.name })}</span>
                )}
                {item.certain ? (
                  <strong>{t('customers.duplicates.same')}</strong>
                ) : (
                  onJudge &&
                  (judged?.includes(item.id) ? (
                    <span className="ui-quiet">{t('customers.duplicates.judged')}</span>
                  ) : (
                    <Button size="small" onClick={(event) => judge(item.id, event)}>
                      {t('customers.duplicates.notSame')}
                    </Button>
                  ))
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

// One question per pause, not per key.
function useSettled<T extends object>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as T), PAUSE_MS); // plain texts and lists survive the way through JSON
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
