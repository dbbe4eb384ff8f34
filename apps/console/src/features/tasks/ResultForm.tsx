import { branchOf, SEVERITIES, type ComplaintBranch, type ComplaintKind } from '@baoke/core/complaints';
import type { DepartmentId } from '@baoke/core/kernel';
import {
  isAsking,
  DEFAULT_TASK_NUMBERS,
  lastTryAt,
  OUTCOME_MEANING,
  outcomesFor,
  type Outcome,
  type Satisfaction,
} from '@baoke/core/tasks';
import type { RecordedView, TaskDetail, TaskRow } from '@baoke/core/tasks/wire';
import { FailureAlert, useDraftForm, useShortcut, useUi } from '@baoke/ui';
import { skipToken, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Select, type GetRef } from 'antd';
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type MouseEvent, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { complaintKindText } from '@baoke/i18n/lazy';
import { failureCode } from '../../shell/api.ts';
import { useDraftList } from '../../shell/drafts.ts';
import type { Resend } from '../../shell/resend.ts';
import { outcomeText } from '../../shell/outcome-words.ts';
import { resultDraftKey, type ResultValues as Values } from '../../shell/result-draft.ts';
import { useApi, useMe } from '../../shell/session.ts';
import { branchOfTask, departmentBranch, kindsFor, wordsAfterNote } from './complaint-defaults.ts';
import { HeardFields, SatisfactionItem, satisfactionsFor, UnreachedItem } from './HeardFields.tsx';
import { InstantPicker } from './InstantPicker.tsx';
import { isWritten, OUTCOME_TONES } from './panel-words.ts';
import { meaningOf } from './result-keys.ts';
import { UnsentAlert } from './UnsentAlert.tsx';
import { useFocusInView } from './use-focus-in-view.ts';

type Props = {
  readonly task: TaskRow['task'];
  readonly customerName: string;
  readonly detail: TaskDetail | undefined;
  /** Makes a task of nobody one's own; answers the version to record with. */
  readonly take: () => Promise<number>;
  readonly onRecorded: (outcome: Outcome, recorded: RecordedView) => void;
  /** What had found no server has gone out by itself meanwhile. */
  readonly onResent: () => void;
  readonly onConflict: () => Promise<void>;
  /** Its result was just taken back: what had been typed is there again, to be typed over. */
  readonly retaken: boolean;
};

/**
 * What came of a try, in two taps: an outcome by its button or number key, then Enter. Note, times and what the customer
 * said are there for whoever needs them. What is typed stays on the device until the server has it, and is there again when
 * the task is opened anew.
 */
export function ResultForm({ task, customerName, detail, take, onRecorded, onResent, onConflict, retaken }: Props) {
  const { t } = useTranslation();
  const { client } = useApi();
  const { drafts } = useUi();
  const [kept] = useState(() => drafts.find(resultDraftKey(task.id)));
  const initial = (kept?.values ?? {}) as Values; // written by this form, under its own key
  const sent = useRef(kept?.resend as Resend | undefined); // likewise
  const saved = useRef(false);
  const draft = useDraftForm<Values>({
    draftKey: resultDraftKey(task.id),
    title: `${t('tasks.record')}: ${customerName}`,
    initial: {}, // what was given back is still unsaved, and kept whole
    onConflict,
    resend: () => sent.current,
    onSubmit: async ({ outcome, note, appointmentAt, nextTryAt, complains, complaint, objects, ...heard }) => {
      if (!outcome) return;
      const input = {
        taskId: task.id,
        version: await take(),
        outcome,
        note: note?.trim() || null,
        ...heardOf(outcome, heard),
        appointmentAt: outcome === 'appointment' ? (appointmentAt ?? null) : null,
        nextTryAt: OUTCOME_MEANING[outcome].ends ? null : (nextTryAt ?? null),
        complaint: complains && complaint ? { ...complaint, accusedId: complaint.accusedId ?? null } : null,
        ...(outcome === 'refused' && objects ? { objects: [...objects] } : {}),
      };
      const alike = JSON.stringify(sent.current?.input) === JSON.stringify(input);
      const key = (alike && sent.current?.key) || crypto.randomUUID();
      sent.current = { input, key };
      const recorded = await client.tasks.record.mutate(input, { context: { idempotencyKey: key } }).catch((error: unknown) => {
        if (failureCode(error) !== undefined) sent.current = undefined;
        // A colleague was faster: the panel tells who.
        if (failureCode(error) === 'platform.not_found') void onConflict();
        throw error;
      });
      saved.current = true;
      onRecorded(outcome, recorded);
    },
  });
  const { form, failure, fieldInView, busy } = draft;
  const note = useRef<GetRef<typeof Input.TextArea>>(null);
  const whole = useRef<HTMLDivElement>(null);
  useFocusInView(whole);
  const results = useRef<HTMLDivElement>(null);
  const said = useRef<HTMLDivElement>(null);
  const outcomes = outcomesFor(task.channel);
  const noteText = t(isWritten(task.channel) ? 'contacts.written.note' : 'tasks.desk.noteOptional');
  const watched = Form.useWatch('outcome', form);
  const outcome = (watched === undefined ? initial.outcome : watched) ?? undefined;
  const fresh = useRef(!initial.note);
  useEffect(() => {
    if (retaken) note.current?.focus({ cursor: 'end' });
  }, [retaken]);
  const waiting = useDraftList(drafts).find(({ key, unsent, resend }) => key === resultDraftKey(task.id) && unsent && resend !== undefined);
  const waits = waiting !== undefined;
  const waited = useRef(waits);
  /** It waited and was typed over, or held back: it goes once it is saved again. */
  const [held, setHeld] = useState(false);
  const waitingEnded = useEffectEvent(() => {
    // Saved from here, the panel has moved on.
    if (busy || saved.current) return;
    if (drafts.find(resultDraftKey(task.id))) setHeld(true);
    else onResent();
  });
  useEffect(() => {
    if (waited.current && !waits) waitingEnded();
    waited.current = waits;
  }, [waits]);
  const refused = failure && !failure.unreachable;
  const unsent = waits ? 'waiting' : !busy && !refused && (held || failure) ? 'held' : undefined;
  const stopWaiting = () => {
    if (!waiting) return;
    const { resend: _, ...typed } = waiting;
    drafts.keep({ ...typed, unsent: false });
    note.current?.focus({ cursor: 'end' });
  };
  const choose = (chosen: Outcome) => {
    const last = task.attempts + 1 >= DEFAULT_TASK_NUMBERS.maxAttempts;
    const proposed = detail?.proposedNextTryAt ?? null;
    form.setFieldsValue({
      outcome: chosen,
      nextTryAt: chosen === 'call_back' || (chosen === 'not_reached' && !last) ? (form.getFieldValue('nextTryAt') ?? proposed) : null,
    });
    draft.changed();
    void take();
    note.current?.focus();
  };
  const clear = () => {
    form.setFieldsValue({ outcome: null, nextTryAt: null });
    draft.changed();
  };
  useShortcut('Esc', t('tasks.desk.back'), clear, { enabled: outcome !== undefined });
  const noteBefore = useRef(initial.note);
  const changed = ({ note: typed }: Partial<Values>) => {
    fresh.current = false;
    if (typed !== undefined) {
      form.setFieldValue(CONTENT, wordsAfterNote(form.getFieldValue(CONTENT), noteBefore.current, typed));
      noteBefore.current = typed;
    }
    draft.changed();
  };
  const say = (satisfaction: Satisfaction) => {
    // Dissatisfaction without a complaint would be lost: the rule asks for one. What it ticked, it takes back.
    const complains = satisfaction === 'dissatisfied' ? true : form.getFieldValue('satisfaction') === 'dissatisfied' ? false : undefined;
    form.setFieldsValue({ satisfaction, ...(complains === undefined ? {} : { complains }) });
    void form.validateFields(['satisfaction']).catch(() => undefined);
    draft.changed();
    note.current?.focus({ cursor: 'end' });
  };
  const submit = async () => {
    await draft.submit();
    // The digit of the answer that is missing works at once.
    if (form.getFieldError('satisfaction').length > 0) said.current?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    const { target } = event;
    const inField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
    // Esc closes a list or calendar that hangs open before it leaves the field.
    if (busy || !inField || (event.key === 'Escape' && target.closest('.ant-picker, .ant-select'))) return;
    const meaning = meaningOf(event, {
      outcomes,
      outcome,
      satisfactions: satisfactionsFor(outcome),
      inNote: target.dataset['note'] === 'true',
      fresh: fresh.current,
    });
    if (!meaning) return;
    event.preventDefault();
    if (meaning.act === 'choose') choose(meaning.outcome);
    else if (meaning.act === 'say') say(meaning.satisfaction);
    else if (meaning.act === 'save') void submit();
    else results.current?.focus();
  };
  // Enter saves from the note: a tap on a chip or a box leaves the hand there.
  const clicked = ({ target, detail }: MouseEvent) => {
    const chip = target instanceof Element && target.closest('.task-chips button, .ant-checkbox-wrapper');
    if (chip && detail > 0) note.current?.focus({ cursor: 'end', preventScroll: true });
  };
  return (
    <div ref={whole} onKeyDown={keys} onClick={clicked}>
      <Form<Values> form={form} layout="vertical" initialValues={initial} onValuesChange={changed}>
        {!unsent && Object.keys(initial).length > 0 && (
          <p className="ui-quiet task-restored">{t(retaken ? 'contacts.takeBack.form' : 'tasks.desk.restored')}</p>
        )}
        <OutcomeButtons ref={results} channel={task.channel} outcomes={outcomes} chosen={outcome} onChoose={choose} />
        <Form.Item name="outcome" hidden>
          <Input />
        </Form.Item>
        {unsent && <UnsentAlert key={unsent} unsent={unsent} onHold={stopWaiting} />}
        {refused && !waits && <FailureAlert failure={failure} fieldInView={fieldInView} />}
        {outcome && satisfactionsFor(outcome).length > 0 && <SatisfactionItem ref={said} task={task} outcome={outcome} onSay={say} />}
        {outcome === 'not_reached' && <UnreachedItem />}
        {outcome && NAMES_A_TIME.has(outcome) && <TimeItem outcome={outcome} task={task} />}
        <Form.Item name="note">
          <Input.TextArea
            ref={note}
            data-note="true"
            aria-label={noteText}
            placeholder={noteText}
            autoSize={{ minRows: 1, maxRows: 6 }}
            maxLength={2000}
          />
        </Form.Item>
        {outcome && <OutcomeFields outcome={outcome} task={task} proposed={detail?.proposedNextTryAt} />}
        <div className={outcome ? 'task-save' : 'task-save task-save-idle'}>
          <Button type="primary" size="large" loading={busy} onClick={() => void submit()} disabled={!outcome}>
            {t('tasks.desk.save')}
          </Button>
          <span className="ui-quiet">{outcome ? t('tasks.desk.saveKeys') : t('tasks.desk.chooseOutcome')}</span>
        </div>
      </Form>
    </div>
  );
}

type HeardValues = Pick<Values, 'satisfaction' | 'praised' | 'saidAbout' | 'cause' | 'unreachedBecause'>;

// What was chosen under one outcome and does not fit the one that is saved stays behind.
function heardOf(outcome: Outcome, { satisfaction, praised, saidAbout, cause, unreachedBecause }: HeardValues) {
  const asked = isAsking(outcome);
  return {
    ...(satisfaction && satisfactionsFor(outcome).length > 0 ? { satisfaction } : {}),
    ...(asked && praised ? { praised } : {}),
    ...(asked && saidAbout ? { saidAbout } : {}),
    ...(asked && cause ? { cause } : {}),
    ...(outcome === 'not_reached' && unreachedBecause ? { unreachedBecause } : {}),
  };
}

const CONTENT: ['complaint', 'content'] = ['complaint', 'content'];
const KIND: ['complaint', 'kind'] = ['complaint', 'kind'];
const DEPARTMENT: ['complaint', 'departmentId'] = ['complaint', 'departmentId'];
const ACCUSED: ['complaint', 'accusedId'] = ['complaint', 'accusedId'];

type ButtonsProps = {
  readonly ref: Ref<HTMLDivElement>;
  readonly channel: TaskRow['task']['channel'];
  readonly outcomes: readonly Outcome[];
  readonly chosen: Outcome | undefined;
  readonly onChoose: (outcome: Outcome) => void;
};

function OutcomeButtons({ ref, channel, outcomes, chosen, onChoose }: ButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className="task-outcomes" role="radiogroup" aria-label={t('tasks.desk.result')} ref={ref} tabIndex={-1}>
      {outcomes.map((outcome, index) => (
        <OutcomeButton
          key={outcome}
          outcome={outcome}
          text={outcomeText(t, outcome, channel)}
          number={index + 1}
          chosen={outcome === chosen}
          onChoose={() => onChoose(outcome)}
        />
      ))}
    </div>
  );
}

type ButtonProps = {
  readonly outcome: Outcome;
  readonly text: string;
  readonly number: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
};

function OutcomeButton({ outcome, text, number, chosen, onChoose }: ButtonProps) {
  useShortcut(String(number), text, onChoose);
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      className={`task-outcome task-outcome-${OUTCOME_TONES[outcome]}`}
      onClick={onChoose}
    >
      <kbd aria-hidden="true">{number}</kbd>
      {text}
    </button>
  );
}

type OutcomeFieldsProps = {
  readonly outcome: Outcome;
  readonly task: TaskRow['task'];
  /** When it would be tried again: null where no time is left for that, undefined while that is not known. */
  readonly proposed: string | null | undefined;
};

/** Outcomes that say nothing without the time agreed: it stands before the note, in sight of whoever saves. */
const NAMES_A_TIME: ReadonlySet<Outcome> = new Set<Outcome>(['appointment', 'call_back']);

/** When the customer comes, or when he is called again. */
function TimeItem({ outcome, task }: Pick<OutcomeFieldsProps, 'outcome' | 'task'>) {
  const { t } = useTranslation();
  const rules = NAMES_A_TIME.has(outcome) ? [{ required: true, message: t('fieldFaults.required') }] : [];
  if (outcome === 'appointment')
    return (
      <Form.Item name="appointmentAt" label={t('tasks.appointmentAt')} rules={rules}>
        <InstantPicker />
      </Form.Item>
    );
  if (OUTCOME_MEANING[outcome].ends) return null;
  return (
    <Form.Item name="nextTryAt" label={t('tasks.nextTry')} rules={rules}>
      <InstantPicker lapsesAt={task.lapsesAt} last={lastTryAt(task, outcome)} />
    </Form.Item>
  );
}

/** What an outcome asks beyond a note, and what saving it sets going. */
function OutcomeFields({ outcome, task, proposed }: OutcomeFieldsProps) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const nextTryAt = Form.useWatch('nextTryAt', form);
  const satisfaction = Form.useWatch('satisfaction', form);
  const complains = Form.useWatch('complains', form);
  const count = task.attempts + 1;
  const failed = () => {
    const tried = { count, what: outcomeText(t, outcome, task.channel) };
    if (nextTryAt) return t('tasks.desk.starts.not_reached', tried);
    if (count >= DEFAULT_TASK_NUMBERS.maxAttempts) return t('tasks.desk.starts.not_reached_last', tried);
    return t(proposed === null ? 'tasks.desk.starts.not_reached_late' : 'tasks.desk.starts.not_reached', tried);
  };
  const ofAddress = outcome === 'wrong_number' && (task.channel === 'letter' || task.channel === 'email');
  const starts = outcome === 'not_reached' ? failed() : t(`tasks.desk.starts.${ofAddress ? 'wrong_address' : outcome}`);
  return (
    <>
      {!NAMES_A_TIME.has(outcome) && <TimeItem outcome={outcome} task={task} />}
      <HeardFields outcome={outcome} />
      {OUTCOME_MEANING[outcome].spoken && (
        <Form.Item name="complains" valuePropName="checked" className="task-tight">
          <Checkbox disabled={satisfaction === 'dissatisfied' && isAsking(outcome)}>{t('tasks.desk.complaintToggle')}</Checkbox>
        </Form.Item>
      )}
      {OUTCOME_MEANING[outcome].spoken && complains && <ComplaintFields task={task} />}
      {outcome === 'refused' && (
        <Form.Item name="objects" label={t('tasks.objects')}>
          <Checkbox.Group
            options={(['marketing', 'service'] as const).map((value) => ({ value, label: t(`tasks.desk.objects.${value}`) }))}
          />
        </Form.Item>
      )}
      <p className="ui-quiet task-starts">{starts}</p>
    </>
  );
}

function ComplaintFields({ task }: { readonly task: TaskRow['task'] }) {
  const { t } = useTranslation();
  const { trpc } = useApi();
  const me = useMe();
  const { data } = useQuery(trpc.complaints.options.queryOptions(me.can('complaints', 'view') ? undefined : skipToken));
  const form = Form.useFormInstance<Values>();
  const departmentId: DepartmentId | undefined = Form.useWatch(DEPARTMENT, form);
  const required = [{ required: true, message: t('fieldFaults.required') }];
  const colleagues = data?.staff.filter((person) => person.active && (departmentId === undefined || person.departmentId === departmentId));
  const departmentOf = (branch: ComplaintBranch | undefined) => data?.departments.find(({ kind }) => kind === branch)?.id;
  const branch = branchOfTask(task);
  const concerned = departmentOf(branch);
  const kind: ComplaintKind | undefined = Form.useWatch(KIND, form);
  const usual = data?.departments.find(({ id }) => kind !== undefined && id === departmentOf(branchOf(kind)));
  useEffect(() => {
    if (concerned && form.getFieldValue(DEPARTMENT) === undefined) form.setFieldValue(DEPARTMENT, concerned);
  }, [concerned, form]);
  useEffect(() => {
    form.setFieldValue(CONTENT, wordsAfterNote(form.getFieldValue(CONTENT), undefined, form.getFieldValue('note')));
  }, [form]);
  const choose = (department: DepartmentId | undefined) => {
    if (department === undefined || department === departmentId) return;
    form.setFieldValue(DEPARTMENT, department);
    form.setFieldValue(ACCUSED, undefined);
  };
  // The department stays that of the call; only a call that says none leaves it to the kind.
  const followKind = (chosen: ComplaintKind) => branch === undefined && choose(departmentOf(departmentBranch(branch, chosen)));
  return (
    <div className="task-complaint">
      <Form.Item
        name={CONTENT}
        label={t('tasks.desk.complaintContent')}
        rules={[{ required: true, whitespace: true, message: t('fieldFaults.required') }]}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={4000} />
      </Form.Item>
      <div className="ui-form-grid">
        <Form.Item name={KIND} label={t('tasks.desk.complaintKind')} rules={required}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            onChange={followKind}
            options={kindsFor(branch).map((value) => ({ value, label: complaintKindText(t, value) }))}
          />
        </Form.Item>
        <Form.Item name={['complaint', 'severity']} label={t('complaints.fields.severity')} initialValue="normal" rules={required}>
          <Select options={SEVERITIES.map((value) => ({ value, label: t(`complaints.severities.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name={DEPARTMENT}
          label={t('tasks.desk.complaintDepartment')}
          rules={required}
          extra={
            usual &&
            departmentId !== undefined &&
            usual.id !== departmentId && (
              <span role="status">
                {t('tasks.desk.otherDepartment', { name: usual.name })}{' '}
                <Button type="link" size="small" onClick={() => choose(usual.id)}>
                  {t('tasks.desk.toDepartment', { name: usual.name })}
                </Button>
              </span>
            )
          }
        >
          <Select
            options={data?.departments.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={() => form.setFieldValue(ACCUSED, undefined)}
          />
        </Form.Item>
        <Form.Item name={ACCUSED} label={t('complaints.fields.accused')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('complaints.noAccused')}
            options={colleagues?.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      </div>
    </div>
  );
}
