import { TIMELINE_KINDS, type TimelineItem as Happened, type TimelineKind } from '@baoke/core/customers/wire';
import type { ContactId, CustomerId } from '@baoke/core/kernel';
import type { ResultCodes } from '@baoke/core/tasks';
import { EmptyState, LoadingState, Timeline, type TimelineItem, type Tone } from '@baoke/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Tag } from 'antd';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../shell/formats.ts';
import { paths } from '../../shell/paths.ts';
import { contactText } from '../../shell/outcome-words.ts';
import { useCodes } from '../../shell/result-codes.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { TakeBackButton } from '../../shell/take-back.tsx';
import { timelineOptions } from './queries.ts';
import { wordOf, type CustomerFieldName } from './words.ts';

const TONES: Readonly<Record<TimelineKind, Tone>> = {
  contact: 'info',
  visit: 'neutral',
  order: 'good',
  delivery: 'good',
  lead: 'neutral',
  complaint: 'bad',
  observation: 'info',
  consent: 'neutral',
  change: 'neutral',
};

type Props = {
  readonly customerId: CustomerId;
  readonly customerName: string;
  /** The one kind shown; undefined: everything. */
  readonly kind: TimelineKind | undefined;
  readonly onKind: (kind: TimelineKind | undefined) => void;
};

/** One time line of everything, a kind at a time on request. */
export function CustomerTimeline({ customerId, customerName, kind, onKind: setKind }: Props) {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const me = useMe();
  const formats = useFormats();
  const navigate = useNavigate();
  const takeBack = ({ id, by, takeBack: view }: Extract<Happened, { kind: 'contact' }>) => (
    <TakeBackButton
      contactId={id as ContactId} // a contact by its kind
      customerName={customerName}
      view={view}
      recordedBy={by}
      onTaken={({ task }) => task && void navigate({ ...paths.myDay(task), state: { retaken: id as ContactId } })}
    />
  );
  const list = useInfiniteQuery(timelineOptions(api, customerId, kind));
  const categories = useQuery({
    ...api.trpc.service.categories.queryOptions(undefined, { staleTime: Infinity }),
    enabled: me.can('service', 'view'),
  });
  const categoryName = (code: string) => {
    const category = categories.data?.categories.find((known) => known.code === code);
    return category ? (i18n.language === 'en' ? category.nameEn : category.nameZh) : code;
  };
  const codes = useCodes();
  const codeName: Means['codeName'] = (of, code) => codes?.[of].find(({ value }) => value === code)?.label ?? code;
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <div className="customer-chips" role="group" aria-label={t('customers.sections.timeline')}>
        <Tag.CheckableTag checked={kind === undefined} onChange={() => setKind(undefined)}>
          {t('customers.timeline.all')}
        </Tag.CheckableTag>
        {TIMELINE_KINDS.map((each) => (
          <Tag.CheckableTag key={each} checked={kind === each} onChange={() => setKind(kind === each ? undefined : each)}>
            {t(`customers.timeline.kinds.${each}`)}
          </Tag.CheckableTag>
        ))}
      </div>
      {items === undefined ? (
        <LoadingState rows={4} />
      ) : items.length === 0 ? (
        <EmptyState title={t('customers.timeline.empty')} />
      ) : (
        <Timeline
          label={t('customers.sections.timeline')}
          items={items.map((item) => shown(t, item, { formats, categoryName, codeName, takeBack }))}
        />
      )}
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('customers.timeline.more')}
        </Button>
      )}
    </>
  );
}

type Means = {
  readonly formats: ReturnType<typeof useFormats>;
  readonly categoryName: (code: string) => string;
  readonly codeName: (list: keyof ResultCodes, code: string) => string;
  readonly takeBack: (contact: Extract<Happened, { kind: 'contact' }>) => ReactNode;
};

function shown(t: TFunction, item: Happened, { formats, categoryName, codeName, takeBack }: Means): TimelineItem {
  const head = {
    key: `${item.kind}-${item.id}`,
    at: item.at,
    by: item.by,
    tone: TONES[item.kind],
    ...('on' in item ? { on: item.on } : {}),
  };
  switch (item.kind) {
    case 'contact': {
      const title = contactText(t, item);
      const said = lines(
        item.content,
        item.appointmentAt && t('customers.timeline.appointment', { at: formats.dateTime(item.appointmentAt) }),
        item.satisfied === null ? null : t(item.satisfied ? 'contacts.satisfied' : 'contacts.dissatisfied'),
        heardText(t, item.heard, codeName),
      );
      if (item.takenBack)
        return {
          ...head,
          title: <del>{title}</del>,
          tone: 'neutral',
          body: (
            <>
              {said && <del>{said}</del>}
              <div>{t('contacts.takeBack.mark', { by: item.takenBack.by, at: formats.dateTime(item.takenBack.at) })}</div>
            </>
          ),
        };
      return {
        ...head,
        title,
        tone: item.satisfied === false ? 'bad' : head.tone,
        body: (
          <>
            {said}
            <div>{takeBack(item)}</div>
          </>
        ),
      };
    }
    case 'visit':
      return {
        ...head,
        title: t('customers.timeline.visit', { category: categoryName(item.category), orderNo: item.orderNo }),
        body: lines(
          [
            item.plate,
            item.mileageKm === null ? null : t('vehicles.km', { distance: formats.count(item.mileageKm) }),
            item.receivedFen === null ? null : formats.money(item.receivedFen),
            item.isRefund && t('customers.timeline.refund'),
          ]
            .filter(Boolean)
            .join(' · '),
          item.remark,
        ),
      };
    case 'order':
      return {
        ...head,
        title: t('customers.timeline.ordered', { model: item.model ?? '' }),
        body: item.priceFen === null ? undefined : formats.money(item.priceFen),
      };
    case 'delivery':
      return { ...head, title: t('customers.timeline.delivered', { model: item.model ?? '' }), body: item.plate };
    case 'lead':
      return {
        ...head,
        title: t('customers.timeline.lead', { model: item.model ?? '' }),
        body: lines([item.source, item.level].filter(Boolean).join(' · ')),
      };
    case 'complaint':
      return {
        ...head,
        title: <Link {...paths.complaint(item.complaintId)}>{t('customers.timeline.complaint', { number: item.number })}</Link>,
        body: lines(wordOf(t('complaints.statuses', { returnObjects: true }), item.status), item.content),
      };
    case 'observation':
      return {
        ...head,
        title: pointText(t, item.point),
        body: item.content,
      };
    case 'consent': {
      const words = {
        purpose: wordOf(t('customers.purposes', { returnObjects: true }), item.purpose),
        channel: wordOf(t('customers.channels', { returnObjects: true }), item.channel),
      };
      return {
        ...head,
        title: t(
          item.granted === null
            ? 'customers.timeline.consentUnsaid'
            : item.granted
              ? 'customers.timeline.consentGranted'
              : 'customers.timeline.consentWithdrawn',
          words,
        ),
        body: wordOf(t('customers.timeline.consentSources', { returnObjects: true }), item.source),
      };
    }
    case 'change': {
      if (item.car)
        return {
          ...head,
          title: t(item.car.came ? 'customers.timeline.carCame' : 'customers.timeline.carLeft'),
          body: item.car.name ?? undefined,
        };
      const names = t('customers.fields', { returnObjects: true }) as Readonly<Record<CustomerFieldName, string>>;
      return {
        ...head,
        title: wordOf(t('customers.timeline.change', { returnObjects: true }), item.action),
        body:
          item.fields.length === 0
            ? undefined
            : t('customers.timeline.changed', { fields: item.fields.map((field) => wordOf(names, field)).join(t('common.listMark')) }),
      };
    }
  }
}

// A point that has no words came from elsewhere: its code would say nothing.
function pointText(t: TFunction, point: string | null): string {
  const words: Readonly<Record<string, string>> = t('customers.points', { returnObjects: true });
  return (point === null ? undefined : words[point]) ?? t('customers.timeline.kinds.observation');
}

function heardText(t: TFunction, heard: Extract<Happened, { kind: 'contact' }>['heard'], codeName: Means['codeName']): string | null {
  if (heard === null) return null;
  const { satisfaction, praised, saidAbout, cause, unreachedBecause } = heard;
  const said = [
    // The others are told by `satisfied`.
    satisfaction === 'neutral' || satisfaction === 'not_asked' ? t(`contacts.heard.satisfactions.${satisfaction}`) : null,
    praised && t('contacts.heard.praise'),
    saidAbout && t('contacts.heard.about', { what: codeName('saidAbout', saidAbout) }),
    cause && t('contacts.heard.because', { what: codeName('causes', cause) }),
    unreachedBecause && t('contacts.heard.because', { what: codeName('unreached', unreachedBecause) }),
  ].filter(Boolean);
  return said.length === 0 ? null : said.join(' · ');
}

function lines(...parts: readonly (string | null | undefined | false)[]): ReactNode {
  const text = parts.filter(Boolean).join('\n');
  return text === '' ? undefined : text;
}
