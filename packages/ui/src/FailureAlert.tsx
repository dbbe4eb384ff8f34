import { Alert, Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { Failure } from './texts.ts';
import { useUi } from './UiProvider.tsx';

type Props = {
  readonly failure: Failure;
  /** The first field at fault is in view and says so itself: the page stays there. */
  readonly fieldInView: boolean;
};

/** Why a form was not saved, said once and brought into view: what is saved from stands elsewhere on the page. */
export function FailureAlert({ failure, fieldInView }: Props) {
  const { words } = useUi();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!fieldInView) place.current?.scrollIntoView({ block: 'nearest' });
  }, [failure, fieldInView]);
  const { text, fields = [], unreachable, requestId, remedy } = failure;
  const faults = new Set(fields.map((field) => field.text).filter((fault) => fault !== text));
  return (
    <div ref={place} className="ui-form-failure">
      <Alert
        type="error"
        showIcon
        className="ui-form-alert"
        title={text}
        action={
          remedy && (
            <Button size="small" type="primary" onClick={remedy.run}>
              {remedy.text}
            </Button>
          )
        }
        description={
          <>
            {unreachable && <div>{words('draftKept')}</div>}
            {[...faults].map((fault) => (
              <div key={fault}>{fault}</div>
            ))}
            {requestId && !remedy && <div className="ui-figures">{words('requestId', { id: requestId })}</div>}
          </>
        }
      />
    </div>
  );
}
