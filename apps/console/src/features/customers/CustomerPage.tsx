import { CheckCircleOutlined, EditOutlined, FlagOutlined, MoreOutlined, PhoneOutlined, PrinterOutlined } from '@ant-design/icons';
import type { CustomerCard, TimelineKind } from '@baoke/core/customers/wire';
import { instantOfMilliseconds } from '@baoke/core/kernel';
import { isOverdue, isWaiting, type TaskKind } from '@baoke/core/tasks';
import { DateText, NoValue, PhoneText, StatusTag, useNow, useShortcut, useToast, useUi } from '@baoke/ui';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ruleName } from '../../shell/care-words.ts';
import { contactTimeText } from '../../shell/contact-time.ts';
import { CustomerFlags } from '../../shell/CustomerName.tsx';
import { useFormats } from '../../shell/formats.ts';
import { LinkButton } from '../../shell/LinkButton.tsx';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './customers.css';
import { RelationshipTag } from './CustomersPage.tsx';
import { cardOptions, refreshCustomers } from './queries.ts';
import { RecordContactDialog } from '../../shell/RecordContactDialog.tsx';
import { ConsentDialog, FlagsDialog, ObservationDialog } from './SmallDialogs.tsx';
import { CustomerTimeline } from './CustomerTimeline.tsx';
import { VehicleTiles } from './VehicleTiles.tsx';
import { birthText, type CustomerFieldName } from './words.ts';

type Dialog = 'contact' | 'flags' | 'observation' | 'consent' | 'deceased' | 'given_up';

/** What is counted beside the time line, and the part of it that shows it. */
const COUNTED = [
  ['visits', 'visit'],
  ['contacts', 'contact'],
  ['orders', 'order'],
  ['complaints', 'complaint'],
] as const satisfies readonly (readonly [keyof CustomerCard['counts'], TimelineKind])[];

// Needed once in a customer's life.
const StandingDialog = lazy(async () => ({ default: (await import('./StandingDialog.tsx')).StandingDialog }));
const StoppedNote = lazy(async () => ({ default: (await import('./StandingDialog.tsx')).StoppedNote }));

/** 客户管理卡: the customer at one look: who he is, what we owe him, his cars, everything that happened, what comes next. */
export function CustomerPage() {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const toast = useToast();
  const { describeFailure } = useUi();
  const { customerId } = useParams({ from: '/signed-in/customers/$customerId' });
  const { data: card } = useSuspenseQuery(cardOptions(api, customerId));
  const [dialog, setDialog] = useState<Dialog>();
  useShortcut('r', t('contacts.record'), () => setDialog('contact'), { enabled: card.may.recordContact });
  const [timelineKind, setTimelineKind] = useState<TimelineKind>();
  const timeline = useRef<HTMLElement>(null);
  const showTimeline = (kind: TimelineKind) => {
    setTimelineKind(kind);
    timeline.current?.scrollIntoView({ block: 'start' });
  };
  const close = () => setDialog(undefined);
  const stops = [
    ...(card.kind === 'person' ? [{ key: 'deceased', label: t('customers.standing.deceased') }] : []),
    ...(card.standing === 'active' ? [{ key: 'given_up', label: t('customers.standing.giveUp') }] : []),
  ];
  const verify = async () => {
    try {
      await api.client.customers.verify.mutate({ customerId });
      await refreshCustomers(api);
      toast.success(t('customers.verified'));
    } catch (error) {
      toast.error(describeFailure(error).text);
    }
  };
  return (
    <article className="customer-page">
      <header className="ui-page-head">
        <div>
          <h1 className="customer-name">
            {card.name}
            <CustomerFlags customer={card} />
            {card.standing !== 'deceased' && <RelationshipTag relationship={card.relationship} />}
            {card.toVerify && card.may.edit && (
              <span title={t('customers.toVerifyHint')}>
                <StatusTag tone="warn">{t('customers.toVerify')}</StatusTag>
              </span>
            )}
          </h1>
          <p className="ui-quiet customer-lead">
            {[
              t(`customers.kinds.${card.kind}`),
              `${t('customers.fields.consultant')} ${card.consultant?.name ?? t('customers.noConsultant')}`,
              card.advisor && `${t('customers.fields.advisor')} ${card.advisor.name}`,
              t('customers.complete', { percent: card.completeness.percent }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {card.isDifficult && <p className="customer-warning">{card.difficultReason}</p>}
        </div>
        <div className="ui-page-actions">
          {card.may.recordContact && (
            <Button type="primary" icon={<PhoneOutlined />} title="r" onClick={() => setDialog('contact')}>
              {t('contacts.record')}
            </Button>
          )}
          {card.may.edit && (
            <LinkButton {...paths.editCustomer(customerId)} icon={<EditOutlined />}>
              {t('customers.actions.edit')}
            </LinkButton>
          )}
          <Dropdown
            trigger={['click']}
            menu={{
              items: (['data', 'management'] as const).map((paper) => ({
                key: paper,
                label: <Link {...paths.customerPaper(customerId, paper)}>{t(`customers.paper.${paper}`)}</Link>,
              })),
            }}
          >
            <Button icon={<PrinterOutlined />}>{t('customers.actions.print')}</Button>
          </Dropdown>
        </div>
      </header>
      <div className="customer-main">
        {card.stopped && (
          <Suspense>
            <StoppedNote card={card} />
          </Suspense>
        )}
        <Promises card={card} />
        {card.vehicles && (
          <section className="ui-panel">
            <h2>{t('customers.sections.vehicles')}</h2>
            <VehicleTiles card={card} mayAdd={card.may.edit && me.can('vehicles', 'edit')} />
          </section>
        )}
        <section className="ui-panel" ref={timeline}>
          <h2>{t('customers.sections.timeline')}</h2>
          <CustomerTimeline customerId={customerId} customerName={card.name} kind={timelineKind} onKind={setTimelineKind} />
        </section>
      </div>
      <aside className="customer-side">
        <section className="ui-panel" aria-label={t('customers.sections.next')}>
          <h2>{t('customers.sections.next')}</h2>
          <div className="customer-steps">
            {me.can('complaints', 'edit') && (
              <LinkButton {...paths.registerComplaint(customerId)}>{t('customers.actions.complaint')}</LinkButton>
            )}
            <Button onClick={() => setDialog('observation')}>{t('customers.actions.observe')}</Button>
            {card.may.edit && (
              <>
                <Button icon={<CheckCircleOutlined />} onClick={() => void verify()}>
                  {t('customers.verify')}
                </Button>
                <Button icon={<FlagOutlined />} onClick={() => setDialog('flags')}>
                  {t('customers.actions.flags')}
                </Button>
                <Button onClick={() => setDialog('consent')}>{t('customers.actions.consent')}</Button>
              </>
            )}
            {card.may.setStanding && card.standing !== 'deceased' && stops.length > 0 && (
              <Dropdown trigger={['click']} menu={{ items: stops, onClick: ({ key }) => setDialog(key as Dialog) }}>
                <Button icon={<MoreOutlined />}>{t('customers.standing.more')}</Button>
              </Dropdown>
            )}
          </div>
          <p className="ui-quiet customer-counts">
            {COUNTED.map(([part, kind]) => {
              const count = card.counts[part];
              return (
                count !== null &&
                !(count === 0 && card.countedInPart.includes(part)) && (
                  <Button key={part} type="link" size="small" onClick={() => showTimeline(kind)}>
                    {t(`customers.counts.${part}`, { count })}
                  </Button>
                )
              );
            })}
            {card.countedInPart.length > 0 && <span>{t('customers.countedInPart')}</span>}
          </p>
        </section>
        <section className="ui-panel">
          <h2>{t('customers.sections.facts')}</h2>
          <Facts card={card} />
        </section>
      </aside>
      {dialog === 'contact' && <RecordContactDialog customer={card} onClose={close} />}
      {dialog === 'flags' && <FlagsDialog card={card} onClose={close} />}
      {dialog === 'observation' && <ObservationDialog card={card} onClose={close} />}
      {dialog === 'consent' && <ConsentDialog card={card} onClose={close} />}
      {(dialog === 'deceased' || dialog === 'given_up') && (
        <Suspense>
          <StandingDialog card={card} to={dialog} onClose={close} />
        </Suspense>
      )}
    </article>
  );
}

/** What we owe him: open complaints and overdue tasks stand first. */
function Promises({ card: { promises } }: { readonly card: CustomerCard }) {
  const { t } = useTranslation();
  if (promises.openComplaints === 0 && promises.openTasks === 0) return null;
  const heads = [
    promises.openComplaints > 0 && t('customers.promises.complaints', { count: promises.openComplaints }),
    promises.overdueTasks > 0 && t('customers.promises.overdue', { count: promises.overdueTasks }),
    promises.overdueTasks < promises.openTasks && t('customers.promises.tasks', { count: promises.openTasks - promises.overdueTasks }),
  ].filter(Boolean);
  const hidden = promises.openComplaints - promises.complaints.length + promises.openTasks - promises.tasks.length;
  const urgent = promises.openComplaints > 0 || promises.overdueTasks > 0;
  return (
    <section
      className={urgent ? 'ui-panel customer-promises customer-promises-urgent' : 'ui-panel customer-promises'}
      aria-label={t('customers.promises.title')}
    >
      <strong>{heads.join(' · ')}</strong>
      <ul>
        {promises.complaints.map(({ id, number, closeDueAt }) => (
          <li key={id}>
            <Link {...paths.complaint(id)}>{t('customers.promises.complaint', { number })}</Link>
            <span className="ui-quiet">
              <DateText at={closeDueAt} />
            </span>
          </li>
        ))}
        {promises.tasks.map(({ id, kind, ruleKey, ruleName: own, assigneeName, ...times }) => (
          <li key={id}>
            <Link {...paths.myDay(id)}>
              {ruleKey === null ? t(`tasks.kinds.${kind as TaskKind}`) : ruleName(t, { key: ruleKey, name: own })}
            </Link>
            <span className="ui-quiet">
              <TaskTime {...times} /> · {assigneeName ?? t('customers.promises.unassigned')}
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="ui-quiet">{t('customers.promises.hidden', { count: hidden })}</p>}
    </section>
  );
}

/** When a task is due; of one that is put off first when it comes back, as my day does. */
function TaskTime({ dueAt, showAt }: Pick<CustomerCard['promises']['tasks'][number], 'dueAt' | 'showAt'>) {
  const { t } = useTranslation();
  const { dateTime } = useFormats();
  const now = instantOfMilliseconds(useNow(60_000));
  const due = t(isOverdue({ dueAt }, now) ? 'customers.promises.wasDue' : 'customers.promises.due', { at: dateTime(dueAt) });
  return (
    <span className="ui-figures">
      {isWaiting({ showAt }, now) ? `${t('customers.promises.setFor', { at: dateTime(showAt).replace(/ 00:00$/, '') })} · ${due}` : due}
    </span>
  );
}

function Facts({ card }: { readonly card: CustomerCard }) {
  const { t } = useTranslation();
  const name = (field: CustomerFieldName) => t(`customers.fields.${field}`);
  const place = [card.province, card.city, card.district, card.addressMasked].filter(Boolean).join(' ');
  const facts: [string, ReactNode][] = [
    [name('phones'), <Phones key="phones" card={card} />],
    ...(card.kind === 'person'
      ? ([
          [name('gender'), card.gender && t(`customers.genders.${card.gender}`)],
          [name('birthday'), card.birth && birthText(t, card.birth)],
        ] satisfies [string, ReactNode][])
      : []),
    [name('idNumber'), card.idNumberMasked && <IdNumber key="id" card={card} masked={card.idNumberMasked} />],
    [name('wechatId'), card.wechatMasked],
    [name('email'), card.emailMasked],
    [name('address'), place],
    [name('occupation'), [card.occupation, card.jobTitle].filter(Boolean).join(' · ')],
    [name('employer'), card.employer],
    [name('preferredContactTime'), card.preferredContactTime && contactTimeText(t, card.preferredContactTime)],
    [name('preferredChannel'), card.preferredChannel && t(`customers.channels.${card.preferredChannel as 'phone'}`)],
    [name('source'), card.source],
    [name('verifiedOn'), card.verifiedOn ?? t('customers.neverVerified')],
    [name('lastContactAt'), card.lastContactAt && <DateText key="at" at={card.lastContactAt} />],
    [name('consents'), consentText(card)],
    [name('remark'), card.remark],
  ];
  function consentText({ consents }: CustomerCard): string {
    const granted = consents.filter((consent) => consent.granted);
    return granted.length === 0
      ? t('customers.consentNone')
      : granted
          .map((c) =>
            t('customers.consentFor', { purpose: t(`customers.purposes.${c.purpose}`), channel: t(`customers.channels.${c.channel}`) }),
          )
          .join(t('common.listMark'));
  }
  return (
    <>
      <dl className="customer-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value || <NoValue />}</dd>
          </div>
        ))}
      </dl>
      {card.contactPersons.length > 0 && (
        <>
          <h3>{t('customers.sections.people')}</h3>
          <dl className="customer-facts">
            {card.contactPersons.map((p) => (
              <div key={p.id}>
                <dt>{p.purchaseRole ?? name('contactPersonName')}</dt>
                <dd>{[p.name, p.phoneMasked, p.remark].filter(Boolean).join(' · ')}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {card.completeness.missing.length > 0 && card.may.edit && (
        <p className="ui-quiet">
          {t('customers.missing', {
            fields: card.completeness.missing.map((field) => name(field as CustomerFieldName)).join(t('common.listMark')),
          })}
        </p>
      )}
    </>
  );
}

/** His numbers, masked; revealing one is recorded by the server. */
function Phones({ card }: { readonly card: CustomerCard }) {
  const { t } = useTranslation();
  const { client } = useApi();
  if (card.phones.length === 0) return <span>{t('customers.noPhone')}</span>;
  const reveal = async (rank: number) => {
    const { phones } = await client.customers.revealPhone.mutate({ customerId: card.id });
    return phones.find((phone) => phone.rank === rank)?.number ?? '';
  };
  return (
    <span className="customer-phones">
      {card.phones.map(({ masked, rank, valid }) => (
        <span key={rank}>
          <PhoneText masked={masked} {...(card.may.revealContact ? { onReveal: () => reveal(rank) } : {})} />
          {!valid && <StatusTag tone="bad">{t('customers.phoneInvalid')}</StatusTag>}
        </span>
      ))}
    </span>
  );
}

function IdNumber({ card, masked }: { readonly card: CustomerCard; readonly masked: string }) {
  const { t } = useTranslation();
  const { client } = useApi();
  const { describeFailure } = useUi();
  const toast = useToast();
  const [shown, setShown] = useState<string>();
  const reveal = async () => {
    try {
      setShown((await client.customers.revealIdNumber.mutate({ customerId: card.id })).idNumber ?? '');
    } catch (error) {
      toast.error(describeFailure(error).text);
    }
  };
  return (
    <span className="ui-figures">
      {shown ?? masked}{' '}
      {shown === undefined && card.may.revealContact && (
        <Button type="link" size="small" onClick={() => void reveal()}>
          {t('customers.actions.reveal')}
        </Button>
      )}
    </span>
  );
}
