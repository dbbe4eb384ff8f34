import { COMPLAINT_KINDS, longestPause, reassign, SEVERITIES, type ComplaintKind, type Severity } from '@baoke/core/complaints';
import type { ComplaintView } from '@baoke/core/complaints/wire';
import {
  addHours,
  dateIn,
  fen,
  instantAt,
  instantOfMilliseconds,
  wallTimeIn,
  type CivilDate,
  type CustomerId,
  type DepartmentId,
  type Fen,
  type Instant,
  type StaffId,
  type TimeZone,
  type VehicleId,
} from '@baoke/core/kernel';
import { DateField, FormDialog, useToast } from '@baoke/ui';
import { useQuery } from '@tanstack/react-query';
import { Form, Input, InputNumber, Radio, Select } from 'antd';
import type { TFunction } from 'i18next';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '../api.ts';
import { useFormats } from '../formats.ts';
import { useApi, useMe } from '../session.ts';
import { occasionKey, occasionOf, type OccasionKey } from './occasion.ts';
import { OccasionItems } from './OccasionItems.tsx';
import { complaintOptions } from './complaint.ts';
import { solutionsOf } from './solutions.ts';
import type { Step } from './steps.ts';
import { complaintKindText, refusalText } from '@baoke/i18n/lazy';

/** Everything a step may ask for; each dialog shows its own part. */
type Values = {
  readonly note: string;
  readonly solution: string;
  readonly cause?: string;
  readonly goodwillYuan?: number;
  readonly satisfied: boolean;
  readonly verdict: string;
  readonly reason: string;
  readonly handlerId: StaffId;
  readonly approved: boolean;
  /** An instant on the store's clock, `YYYY-MM-DDTHH:mm`. */
  readonly until?: string | null;
  readonly kind: ComplaintKind;
  readonly severity: Severity;
  readonly departmentId: DepartmentId;
  readonly accusedId?: StaffId;
  readonly vehicleId?: VehicleId;
  readonly occasion?: OccasionKey;
};

type Dialog = {
  readonly title: string;
  readonly hint?: string;
  readonly fields: ReactNode;
  readonly initial?: Partial<Values>;
  readonly send: (values: Values) => Promise<ComplaintView>;
  readonly done: (values: Values, after: ComplaintView) => string;
};

type Props = {
  readonly step: Step;
  readonly view: ComplaintView;
  /** After it was taken, beside `onClose`. */
  readonly onTaken?: (() => void) | undefined;
  readonly onClose: () => void;
};

/** What a step has to be told. The server answers with the complaint as it now stands, which goes straight into the cache. */
export function StepDialog({ step, view, onTaken, onClose }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const api = useApi();
  const { id } = view.complaint;
  const { queryKey } = complaintOptions(api, id);
  const me = useMe();
  const { dateTime, money } = useFormats();
  const [openedAt] = useState(() => instantOfMilliseconds(Date.now()));
  const clock = { zone: me.store.timeZone as TimeZone, now: openedAt, dateTime, money }; // the server sends a zone it checked
  const { title, hint, fields, initial, send, done } = dialogOf(t, api, step, view, clock);
  const submit = async (values: Values) => {
    const after = await send(values);
    api.queryClient.setQueryData(queryKey, after);
    void api.queryClient.invalidateQueries(api.trpc.complaints.list.pathFilter());
    void api.queryClient.invalidateQueries(api.trpc.complaints.counts.pathFilter());
    toast.success(done(values, after));
    onClose();
    onTaken?.();
  };
  return (
    <FormDialog<Values>
      draftKey={`complaint.${id}.${step}`}
      title={title}
      hint={hint}
      initial={initial ?? {}}
      submitText={t('common.confirm')}
      onSubmit={submit}
      onConflict={() => api.queryClient.refetchQueries({ queryKey })}
      onClose={onClose}
    >
      {fields}
    </FormDialog>
  );
}

type StepClock = {
  readonly zone: TimeZone;
  readonly now: Instant;
  readonly dateTime: (at: Instant) => string;
  readonly money: (amount: Fen) => string;
};

function dialogOf(
  t: TFunction,
  { client: { complaints } }: Api,
  step: Step,
  view: ComplaintView,
  { zone, now, dateTime, money }: StepClock,
): Dialog {
  const typed = (at: Instant) => `${dateIn(zone, at)}T${wallTimeIn(zone, at)}`;
  // The end proposed stands there to the minute; left as it is, it is meant to the letter.
  const untilOf = (until: string | null | undefined, proposed: Instant) => {
    const [day, time] = until?.split('T') ?? [];
    return day && time && until !== typed(proposed) ? instantAt(zone, day as CivilDate, time) : null;
  };
  const { id: complaintId, version } = view.complaint;
  const versioned = { complaintId, version };
  switch (step) {
    case 'respond':
      return {
        title: t('complaints.respondTitle'),
        hint: t('complaints.respondHint'),
        fields: <Words name="note" label={t('complaints.fields.note')} />,
        send: ({ note }) => complaints.respond.mutate({ ...versioned, note }),
        done: () => t('complaints.done.responded'),
      };
    case 'addAction':
      return {
        title: t('complaints.addActionTitle'),
        fields: <Words name="note" label={t('complaints.fields.action')} />,
        send: ({ note }) => complaints.addAction.mutate({ complaintId, note }),
        done: () => t('complaints.done.action'),
      };
    case 'solve': {
      // What was given did not satisfy the customer; what was found out and what was paid stand.
      const last = solutionsOf(view.events).at(-1);
      const { goodwillFen } = view.complaint;
      return {
        title: t('complaints.solveTitle'),
        hint: t('complaints.solveHint'),
        initial: last?.cause ? { cause: last.cause } : {},
        fields: (
          <>
            <Words
              name="solution"
              label={t('complaints.fields.solution')}
              extra={last?.solution && t('complaints.lastSolution', { solution: last.solution })}
            />
            <Words name="cause" label={t('complaints.fields.cause')} rows={2} optional max={2000} />
            <Form.Item
              name="goodwillYuan"
              label={t('complaints.fields.goodwill')}
              extra={goodwillFen > 0 && t('complaints.goodwillSoFar', { amount: money(goodwillFen) })}
            >
              <InputNumber min={0} max={10_000_000} precision={2} prefix="¥" className="ui-wide" inputMode="decimal" />
            </Form.Item>
          </>
        ),
        // Yuan as typed become fen once, here; two decimals make the product whole but for binary dust.
        send: ({ solution, cause, goodwillYuan }) =>
          complaints.solve.mutate({
            ...versioned,
            solution,
            cause: cause || null,
            goodwillFen: fen(Math.round((goodwillYuan ?? 0) * 100)),
          }),
        done: () => t('complaints.done.solved'),
      };
    }
    case 'confirm':
      return {
        title: t('complaints.confirmTitle'),
        hint: t('complaints.confirmHint'),
        fields: (
          <>
            <Form.Item
              name="satisfied"
              label={t('complaints.fields.satisfied')}
              rules={[{ required: true, message: t('fieldFaults.required') }]}
            >
              <Radio.Group
                options={[
                  { value: true, label: t('complaints.satisfiedYes') },
                  { value: false, label: t('complaints.satisfiedNo') },
                ]}
              />
            </Form.Item>
            <Words name="verdict" label={t('complaints.fields.verdict')} max={2000} />
          </>
        ),
        send: ({ satisfied, verdict }) => complaints.confirm.mutate({ ...versioned, satisfied, verdict }),
        done: ({ satisfied }) => t(satisfied ? 'complaints.done.closed' : 'complaints.done.reopened'),
      };
    case 'reopen':
      return {
        title: t('complaints.reopenTitle'),
        hint: t('complaints.reopenHint'),
        fields: <Words name="reason" label={t('complaints.fields.reason')} max={2000} />,
        send: ({ reason }) => complaints.reopen.mutate({ ...versioned, reason }),
        done: () => t('complaints.done.reopened'),
      };
    case 'reassign':
      return {
        title: t('complaints.reassignTitle'),
        hint: t('complaints.reassignHint'),
        fields: (
          <>
            <HandlerChoice view={view} />
            <Words name="reason" label={t('complaints.fields.reason')} rows={2} optional max={1000} />
          </>
        ),
        send: ({ handlerId, reason }) => complaints.reassign.mutate({ ...versioned, handlerId, reason: reason || null }),
        done: (_, after) => t('complaints.done.reassigned', { name: after.handler.name }),
      };
    case 'amend': {
      const { kind, severity, departmentId, accusedId, customerId, vehicleId } = view.complaint;
      const occasion = occasionKey(view.complaint);
      return {
        title: t('complaints.amend'),
        hint: t('complaints.amendHint'),
        initial: {
          kind,
          severity,
          departmentId,
          ...(accusedId ? { accusedId } : {}),
          ...(vehicleId ? { vehicleId } : {}),
          ...(occasion ? { occasion } : {}),
        },
        fields: <AmendFields customerId={customerId} />,
        send: (values) =>
          complaints.amend.mutate({
            ...versioned,
            kind: values.kind,
            severity: values.severity,
            departmentId: values.departmentId,
            accusedId: values.accusedId ?? null,
            vehicleId: values.vehicleId ?? null,
            // Of both, the order stays where the visit does.
            ...(values.occasion === occasion ? {} : occasionOf(values.occasion)),
            reason: values.reason,
          }),
        done: () => t('complaints.done.amended'),
      };
    }
    case 'requestPause': {
      const limit = addHours(now, view.longestPauseHours);
      return {
        title: t('complaints.pauseTitle'),
        hint: t('complaints.pauseHint'),
        initial: { until: typed(limit) },
        fields: (
          <>
            <Words name="reason" label={t('complaints.fields.reason')} max={1000} />
            <Until hint={t('complaints.pauseLimit', { time: t('common.hours', { count: view.longestPauseHours }) })} />
          </>
        ),
        send: ({ reason, until }) => complaints.requestPause.mutate({ ...versioned, reason, until: untilOf(until, limit) }),
        done: () => t('complaints.done.pause_requested'),
      };
    }
    case 'decidePause': {
      const { pause } = view.complaint;
      const asked = pause.state === 'running' ? now : pause.until;
      const limit = pause.state === 'running' ? now : longestPause(pause, view);
      return {
        title: t('complaints.decidePause'),
        hint: pause.state === 'running' ? undefined : t('complaints.pauseRequested', { at: dateTime(asked), reason: pause.reason }),
        initial: { approved: true, until: typed(limit) },
        fields: (
          <>
            <Form.Item name="approved" label={t('complaints.decision')}>
              <Radio.Group
                options={[
                  { value: true, label: t('complaints.approvePause') },
                  { value: false, label: t('complaints.refusePause') },
                ]}
              />
            </Form.Item>
            <Form.Item noStyle dependencies={['approved']}>
              {({ getFieldValue }) => getFieldValue('approved') === true && <Until hint={t('complaints.pauseShortened')} />}
            </Form.Item>
          </>
        ),
        send: ({ approved, until }) =>
          complaints.decidePause.mutate({ ...versioned, approved, ...(approved ? { until: untilOf(until, limit) } : {}) }),
        done: ({ approved }) => t(approved ? 'complaints.done.pause_approved' : 'complaints.done.pause_refused'),
      };
    }
    case 'resume':
      return {
        title: t('complaints.resume'),
        fields: null,
        send: () => complaints.resume.mutate(versioned),
        done: () => t('complaints.done.resumed'),
      };
  }
}

type WordsProps = {
  readonly name: keyof Values;
  readonly label: string;
  readonly rows?: number;
  readonly optional?: boolean;
  readonly max?: number;
  readonly extra?: ReactNode;
};

function Words({ name, label, rows = 4, optional = false, max = 4000, extra }: WordsProps) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={optional ? [] : [{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
    >
      <Input.TextArea rows={rows} maxLength={max} />
    </Form.Item>
  );
}

// A calendar with bounds empties what is typed beyond them without a word: the server says what is wrong.
function Until({ hint }: { readonly hint: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="until"
      label={t('complaints.fields.until')}
      extra={hint}
      rules={[{ required: true, message: t('fieldFaults.required') }]}
    >
      <DateField time />
    </Form.Item>
  );
}

function AmendFields({ customerId }: { readonly customerId: CustomerId }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.complaints.options.queryOptions());
  const required = [{ required: true, message: t('fieldFaults.required') }];
  const searched = { showSearch: { optionFilterProp: 'label' } } as const;
  return (
    <>
      <Form.Item name="kind" label={t('complaints.fields.kind')} rules={required}>
        <Select {...searched} options={COMPLAINT_KINDS.map((value) => ({ value, label: complaintKindText(t, value) }))} />
      </Form.Item>
      <Form.Item name="severity" label={t('complaints.fields.severity')} rules={required}>
        <Radio.Group optionType="button" options={SEVERITIES.map((value) => ({ value, label: t(`complaints.severities.${value}`) }))} />
      </Form.Item>
      <Form.Item name="departmentId" label={t('complaints.fields.department')} rules={required}>
        <Select options={data?.departments.map(({ id, name }) => ({ value: id, label: name })) ?? []} />
      </Form.Item>
      <Form.Item name="accusedId" label={t('complaints.fields.accused')}>
        <Select
          {...searched}
          allowClear
          placeholder={t('complaints.noAccused')}
          options={data?.staff.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        />
      </Form.Item>
      <OccasionItems customerId={customerId} />
      <Words name="reason" label={t('complaints.fields.reason')} rows={2} max={1000} />
    </>
  );
}

/** Everybody who could handle it; those the rule refuses are greyed and say why. */
function HandlerChoice({ view: { complaint, handler } }: { readonly view: ComplaintView }) {
  const { t } = useTranslation();
  const me = useMe();
  const { trpc } = useApi();
  const { data } = useQuery(trpc.complaints.options.queryOptions());
  const people = data?.staff.filter(({ id }) => id !== handler.id) ?? [];
  const options = people.map((person) => {
    const verdict = reassign(complaint, person, me.staffId);
    return {
      value: person.id,
      label: verdict.ok ? person.name : `${person.name}（${refusalText(t, verdict.refusal)}）`,
      disabled: !verdict.ok,
    };
  });
  return (
    <Form.Item name="handlerId" label={t('complaints.fields.handler')} rules={[{ required: true, message: t('fieldFaults.required') }]}>
      <Select showSearch={{ optionFilterProp: 'label' }} options={options} />
    </Form.Item>
  );
}
