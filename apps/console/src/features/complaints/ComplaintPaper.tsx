import { breaches } from '@baoke/core/complaints';
import { instantOfMilliseconds } from '@baoke/core/kernel';
import { DateText, Money, PrintPage, useNow } from '@baoke/ui';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../shell/formats.ts';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';
import './complaints.css';
import { complaintOptions } from '../../shell/complaints/complaint.ts';
import { complaintKindText } from '@baoke/i18n/lazy';
import { roundsOf, standstillsOf, type Standstill } from '../../shell/complaints/solutions.ts';
import { CustomerName, OrderName, VisitName } from './tags.tsx';
import type { ComplaintField } from './words.ts';

/** 客户抱怨投诉&意见反馈处理单, the form of document 002 (FRM-62), for staff. */
export function ComplaintPaper() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { complaintId } = useParams({ from: '/signed-in/complaints/$complaintId/print' });
  const { data: view } = useSuspenseQuery(complaintOptions(useApi(), complaintId));
  const { dateTime, money } = useFormats();
  const me = useMe();
  const now = instantOfMilliseconds(useNow(60_000));
  const { complaint, customer, vehicle, visit, order, department, handler, accused } = view;
  const responded = complaint.status === 'registered' ? undefined : complaint;
  const rounds = roundsOf(view.events);
  const solutions = rounds.flatMap(({ given }) => given ?? []);
  const pauses = standstillsOf(view.events);
  const closed = complaint.status === 'closed' ? complaint : undefined;
  const broken = breaches(complaint, now);
  const actions = view.events.filter(({ kind }) => kind === 'action');
  const field = (name: ComplaintField) => t(`complaints.fields.${name}`);
  const ofRound = (label: string, at: number) => (rounds.length > 1 ? t('complaints.paper.ofRound', { label, number: at + 1 }) : label);
  const said = ({ at, by, note }: Standstill['asked'], ...more: (string | false)[]) =>
    [`${dateTime(at)} ${by ?? ''}`, ...more, note].filter(Boolean).join('　');
  return (
    <PrintPage
      store={me.store.name}
      title={t('complaints.paper.title')}
      onBack={() => void navigate(paths.complaint(complaintId))}
      footer={
        <>
          <span>{t('complaints.paper.internal')}</span>
          <span>{t('complaints.paper.printedAt', { at: dateTime(now) })}</span>
        </>
      }
    >
      <table>
        <tbody>
          <Row
            left={[field('number'), complaint.number]}
            right={[field('registeredAt'), <DateText key="at" at={complaint.registeredAt} />]}
          />
          <Row
            left={[field('customer'), <CustomerName key="name" customer={customer} />]}
            right={[t('common.phone'), customer.phoneMasked]}
          />
          <Row left={[t('common.plate'), vehicle?.plate]} right={[field('vehicle'), vehicle?.model]} />
          {(visit || order) && (
            <Row
              left={[field('visit'), visit && <VisitName visit={visit} />]}
              right={[field('order'), order && <OrderName order={order} />]}
            />
          )}
          <Row
            left={[field('source'), t(`complaints.sources.${complaint.source}`)]}
            right={[field('kind'), complaintKindText(t, complaint.kind)]}
          />
          <Row left={[field('department'), department]} right={[field('severity'), t(`complaints.severities.${complaint.severity}`)]} />
          <Row left={[field('accused'), accused?.name]} right={[field('handler'), handler.name]} />
          <Wide label={field('content')}>{complaint.content}</Wide>
          <Row
            left={[field('responseDue'), dateTime(complaint.response.dueAt)]}
            right={[field('respondedAt'), responded && dateTime(responded.respondedAt)]}
          />
          <Wide label={field('note')}>{responded?.responseNote}</Wide>
          <Wide label={field('action')}>
            {actions.map(({ at, by, note }) => `${dateTime(at)} ${by?.name ?? ''}　${note ?? ''}`).join('\n')}
          </Wide>
          <Wide label={field('cause')}>{[...new Set(solutions.map(({ cause }) => cause))].filter(Boolean).join('\n')}</Wide>
          {rounds.map(({ given, verdict, reopened }, at) => (
            <Fragment key={given?.id ?? 'open'}>
              <Wide label={ofRound(field('solution'), at)}>
                {given &&
                  said(
                    { ...given, note: given.solution },
                    given.goodwillFen > 0 && t('complaints.eventGoodwill', { amount: money(given.goodwillFen) }),
                  )}
              </Wide>
              <Wide label={ofRound(field('verdict'), at)}>
                {verdict && said(verdict, t(`complaints.paper.${verdict.satisfied ? 'satisfied' : 'dissatisfied'}`))}
              </Wide>
              {reopened && <Wide label={t('complaints.events.reopened')}>{said(reopened)}</Wide>}
            </Fragment>
          ))}
          {pauses.length > 0 && (
            <Wide label={t('complaints.paper.pauses')}>
              {pauses
                .flatMap(({ asked, decided, resumed }) => [
                  said(asked, t('complaints.events.pause_requested')),
                  decided && said(decided, t(`complaints.events.pause_${decided.approved ? 'approved' : 'refused'}`)),
                  resumed && said(resumed, t('complaints.events.resumed')),
                ])
                .filter(Boolean)
                .join('\n')}
            </Wide>
          )}
          <Row
            left={[field('goodwillShort'), solutions.length > 0 && <Money key="goodwill" fen={complaint.goodwillFen} />]}
            right={[field('breach'), t(`complaints.breached.${broken.length === 2 ? 'both' : (broken[0] ?? 'none')}`)]}
          />
          <Row
            left={[field('closeDue'), dateTime(complaint.close.dueAt)]}
            right={[field('closedAt'), closed && dateTime(closed.closedAt)]}
          />
          <Row left={[t('complaints.paper.signatures.handler'), null]} right={[t('complaints.paper.signatures.manager'), null]} />
          <Row left={[t('complaints.paper.signatures.care'), null]} right={[t('complaints.paper.signatures.customer'), null]} />
        </tbody>
      </table>
    </PrintPage>
  );
}

type Cell = readonly [label: string, value: ReactNode];

function Row({ left, right }: { readonly left: Cell; readonly right: Cell }) {
  return (
    <tr>
      <th scope="row">{left[0]}</th>
      <td>{left[1]}</td>
      <th scope="row">{right[0]}</th>
      <td>{right[1]}</td>
    </tr>
  );
}

function Wide({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td colSpan={3} className="ui-tall">
        {children}
      </td>
    </tr>
  );
}
