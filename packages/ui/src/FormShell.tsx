import { Alert, Button, Form, Modal } from 'antd';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { ConflictDialog, type FieldLabels } from './ConflictDialog.tsx';
import { FailureAlert } from './FailureAlert.tsx';
import { useDraftForm, type DraftForm, type Intent } from './use-draft-form.ts';
import { useUi } from './UiProvider.tsx';

type FormProps<V extends object> = {
  /** Names the draft: the form, and the record it is about. */
  readonly draftKey: string;
  readonly title: string;
  readonly initial?: Partial<V>;
  readonly submitText: string;
  readonly onSubmit: (values: V, intent: Intent) => Promise<void>;
  readonly onConflict?: () => Promise<Partial<V> | void>;
  readonly conflictLabels?: FieldLabels;
  readonly onChange?: (values: V) => void;
  readonly children: ReactNode;
};

type PageProps<V extends object> = FormProps<V> & {
  readonly hint?: string;
  readonly onCancel: () => void;
  /** What stands beside the form; it is told how to say that what the last refusal asked for is settled there. */
  readonly aside?: ReactNode | ((settled: () => void) => ReactNode);
};

/** A form on a page of its own. Ctrl+Enter saves, Ctrl+S saves and stays, Ctrl+Alt+Enter saves and begins the next. */
export function FormPage<V extends object>(props: PageProps<V>) {
  const { title, hint, submitText, onCancel, aside } = props;
  const { words } = useUi();
  const draft = useDraftForm<V>({ ...props, initial: props.initial ?? {} });
  const save = useRef<HTMLButtonElement>(null);
  const settled = () => {
    draft.forgetFailure();
    save.current?.focus({ preventScroll: true });
  };
  return (
    <section className="ui-form-page" aria-label={title} onKeyDown={(event) => savesBy(event, draft)}>
      <header className="ui-page-head">
        <div>
          <h1>{title}</h1>
          {hint && <p className="ui-quiet">{hint}</p>}
        </div>
      </header>
      <div className="ui-form-columns">
        <div className="ui-panel">
          <FormBody {...props} draft={draft} />
          <div className="ui-form-actions">
            <Button ref={save} type="primary" loading={draft.busy} title="Ctrl+Enter" onClick={() => draft.submit()}>
              {submitText}
            </Button>
            <Button onClick={onCancel}>{words('cancel')}</Button>
          </div>
        </div>
        {aside && (
          <aside className="ui-panel">
            <Beside aside={aside} onSettled={settled} />
          </aside>
        )}
      </div>
    </section>
  );
}

type BesideProps = { readonly aside: NonNullable<PageProps<object>['aside']>; readonly onSettled: () => void };

function Beside({ aside, onSettled }: BesideProps) {
  return typeof aside === 'function' ? aside(onSettled) : aside;
}

type DialogProps<V extends object> = FormProps<V> & { readonly hint?: ReactNode; readonly onClose: () => void; readonly danger?: boolean };

/** A form in a dialog. Closing keeps what was typed; opening it again offers it back. */
export function FormDialog<V extends object>(props: DialogProps<V>) {
  const { title, hint, submitText, onClose, danger = false } = props;
  const { words } = useUi();
  const draft = useDraftForm<V>({ ...props, initial: props.initial ?? {} });
  const body = useRef<HTMLDivElement>(null);
  return (
    <Modal
      open
      title={title}
      okText={submitText}
      cancelText={words('cancel')}
      okButtonProps={{ danger, title: 'Ctrl+Enter' }}
      confirmLoading={draft.busy}
      onOk={() => draft.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
      // The first thing to do in a dialog is to type; where there is nothing to type its keys work all the same.
      afterOpenChange={(open) => {
        const first = body.current?.querySelector<HTMLElement>('textarea, input:not([type=radio]), input');
        if (open) (first ?? body.current?.querySelector<HTMLElement>('.ui-form-body'))?.focus();
      }}
    >
      <div ref={body} onKeyDown={(event) => endsLine(event) && !draft.busy && void draft.submit()}>
        {hint && <p className="ui-quiet ui-form-hint">{hint}</p>}
        <FormBody {...props} draft={draft} />
      </div>
    </Modal>
  );
}

// Enter in a line of a dialog means done, unless it chooses from a list.
function endsLine({ key, target, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (key !== 'Enter' || ctrlKey || metaKey || shiftKey || altKey || defaultPrevented) return false;
  return (
    target instanceof HTMLInputElement &&
    ['text', 'password', 'email', 'tel', 'number'].includes(target.type) &&
    target.getAttribute('role') !== 'combobox' &&
    target.closest('.ant-picker') === null
  );
}

function savesBy<V extends object>(event: KeyboardEvent, { busy, submit }: DraftForm<V>): void {
  if (event.defaultPrevented || (!event.ctrlKey && !event.metaKey)) return;
  const intent: Intent | undefined =
    event.key === 'Enter' ? (event.altKey ? 'new' : 'done') : event.key.toLowerCase() === 's' ? 'stay' : undefined;
  if (!intent) return;
  event.preventDefault();
  if (!busy) void submit(intent);
}

function FormBody<V extends object>({
  draft,
  initial,
  children,
  onChange,
  conflictLabels = {},
}: FormProps<V> & { readonly draft: DraftForm<V> }) {
  const { words, formatDateTime } = useUi();
  const { form, failure, fieldInView, offered, conflict } = draft;
  // A list that hangs open would choose what it marks by the Enter that saves.
  const keysFirst = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement) || !event.target.closest('.ant-select')) return;
    if (!event.ctrlKey && !event.metaKey) return;
    event.stopPropagation();
    event.target.blur();
    savesBy(event, draft);
  };
  return (
    <div className="ui-form-body" tabIndex={-1} onKeyDownCapture={keysFirst} onKeyDown={(event) => savesBy(event, draft)}>
      {offered && (
        <Alert
          type="info"
          showIcon
          className="ui-form-alert"
          title={words('draftFound', { at: formatDateTime(new Date(offered.savedAt).toISOString()) })}
          action={
            <>
              <Button
                size="small"
                type="primary"
                onClick={() => {
                  draft.restore();
                  onChange?.(form.getFieldsValue(true) as V);
                }}
              >
                {words('restore')}
              </Button>
              <Button size="small" type="text" onClick={draft.discard}>
                {words('discard')}
              </Button>
            </>
          }
        />
      )}
      {failure && <FailureAlert failure={failure} fieldInView={fieldInView} />}
      <Form<V>
        form={form}
        layout="vertical"
        initialValues={initial}
        onValuesChange={(_, values) => {
          draft.changed();
          onChange?.(values as V);
        }}
      >
        {children}
      </Form>
      {conflict && <ConflictDialog fields={conflict} labels={conflictLabels} onSettle={draft.settle} />}
    </div>
  );
}
