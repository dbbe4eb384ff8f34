import { Form, type FormInstance } from 'antd';
import { useRef, useState } from 'react';
import { baseOf, overtaken, typedOver, type Draft } from './drafts.ts';
import type { ConflictField, Failure } from './texts.ts';
import { useUi } from './UiProvider.tsx';

/** What the person wants after saving: go on, stay on this form, or begin the next one. */
export type Intent = 'done' | 'stay' | 'new';

export type DraftForm<V extends object> = {
  readonly form: FormInstance<V>;
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** Whether the page stands at a field that shows the failure itself. */
  readonly fieldInView: boolean;
  /** What was typed here before and not submitted; offered once. */
  readonly offered: Draft | undefined;
  readonly restore: () => void;
  readonly discard: () => void;
  readonly changed: () => void;
  /** What the last refusal asked for has been settled: it is told no longer. */
  readonly forgetFailure: () => void;
  readonly submit: (intent?: Intent) => Promise<void>;
  readonly conflict: readonly ConflictField[] | undefined;
  readonly settle: (chosen: Readonly<Record<string, unknown>> | undefined) => void;
};

type Options<V extends object> = {
  readonly draftKey: string;
  readonly title: string;
  readonly initial: Partial<V>;
  readonly onSubmit: (values: V, intent: Intent) => Promise<void>;
  /** What went out last, where it can go out again without its form. */
  readonly resend?: () => unknown;
  /**
   * Loads the record again before a conflict is shown, so that the next attempt starts from what is stored now. The fields it answers are
   * shown where nothing was typed over them.
   */
  readonly onConflict?: () => Promise<Partial<V> | void>;
};

/**
 * The state of a form whose text cannot get lost: kept on the device while somebody types, offered back when the form
 * opens again, marked unsent when the server was not reached, forgotten once it is saved.
 */
export function useDraftForm<V extends object>({ draftKey, title, initial, onSubmit, resend, onConflict }: Options<V>): DraftForm<V> {
  const { drafts, describeFailure, place } = useUi();
  const [form] = Form.useForm<V>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [fieldInView, setFieldInView] = useState(false);
  const [conflict, setConflict] = useState<readonly ConflictField[]>();
  /** Put off instead of settled: it is asked again before anything is saved. */
  const [unsettled, setUnsettled] = useState<readonly ConflictField[]>();
  const [offered, setOffered] = useState(() => drafts.find(draftKey));
  /** When what this form knows of its draft was saved. */
  const savedAt = useRef(offered?.savedAt ?? 0);
  const intentOfConflict = useRef<Intent>('done');

  const typed = () => typedOver(initial, form.getFieldsValue(true));
  const held = () => {
    const values = typed();
    return { values, base: baseOf(initial, values) };
  };
  const keep = (unsent: boolean) => {
    savedAt.current = Date.now();
    drafts.keep({
      key: draftKey,
      title,
      place: place(),
      savedAt: savedAt.current,
      unsent,
      ...(unsent && resend && { resend: resend() }),
      ...held(),
    });
  };

  // To the middle: bars that stick to the edges of a page lie over what counts as in view there.
  const goTo = (path: readonly (string | number)[]) => {
    form.scrollToField(path as never, { focus: true });
    document.activeElement?.closest('.ant-form-item')?.scrollIntoView({ block: 'center' });
  };

  const submit = async (intent: Intent = 'done') => {
    const values = await form.validateFields().catch((rejected: unknown) => {
      const [first] = faultsOf(rejected);
      if (first) goTo(first.name);
    });
    if (!values) return;
    if (unsettled) {
      intentOfConflict.current = intent;
      setConflict(unsettled.map((field) => ({ ...field, yours: (values as Readonly<Record<string, unknown>>)[field.field] ?? null })));
      setUnsettled(undefined);
      return;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      await onSubmit(values, intent);
      drafts.drop(draftKey, savedAt.current);
      setOffered(undefined);
      if (intent === 'new') form.resetFields();
    } catch (error) {
      const described = describeFailure(error);
      keep(described.unreachable === true);
      if (described.conflict && described.conflict.length > 0) {
        const mine = typed();
        const stored = (await onConflict?.()) ?? {};
        form.setFieldsValue(Object.fromEntries(Object.entries(stored).filter(([field]) => !(field in mine))) as never);
      }
      // A field of this form can be chosen; a change elsewhere in the record can only be told.
      const choices = described.conflict?.filter(({ field }) => field in (values as object)) ?? [];
      if (choices.length > 0) {
        intentOfConflict.current = intent;
        setConflict(choices);
      } else {
        const known =
          described.fields?.filter(
            ({ path }) => form.getFieldInstance(path as never) !== undefined || form.isFieldTouched(path as never),
          ) ?? [];
        form.setFields(known.map(({ path, text }) => ({ name: path as never, errors: [text] })));
        const first = known.find(({ path }) => form.getFieldInstance(path as never) !== undefined);
        if (first) goTo(first.path);
        setFieldInView(first !== undefined);
        setFailure(described);
        void described.remedy?.done.then(() => setFailure((shown) => (shown === described ? undefined : shown)));
      }
    } finally {
      setBusy(false);
    }
  };

  return {
    form,
    busy,
    failure,
    fieldInView,
    offered,
    conflict,
    submit,
    forgetFailure: () => setFailure(undefined),
    changed: () => {
      setOffered(undefined);
      if (Object.keys(typed()).length > 0) keep(false);
      else drafts.drop(draftKey);
    },
    restore: () => {
      if (offered) {
        form.setFieldsValue(offered.values as never); // written by this form, under its own key
        const since = overtaken(offered, initial);
        if (since.length > 0) setUnsettled(since);
      }
      setOffered(undefined);
    },
    discard: () => {
      drafts.drop(draftKey, savedAt.current);
      setOffered(undefined);
    },
    settle: (chosen) => {
      setConflict(undefined);
      if (!chosen) return setUnsettled(conflict);
      form.setFieldsValue(chosen as never);
      void submit(intentOfConflict.current);
    },
  };
}

// The form marks the fields it rejects; moving to one is left to whoever validates without sending it.
function faultsOf(rejected: unknown): readonly { readonly name: readonly (string | number)[] }[] {
  if (typeof rejected !== 'object' || rejected === null || !('errorFields' in rejected)) throw rejected;
  return rejected.errorFields as readonly { readonly name: readonly (string | number)[] }[]; // so the form rejects
}
