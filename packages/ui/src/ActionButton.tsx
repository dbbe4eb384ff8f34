import { Button, Tooltip, type ButtonProps } from 'antd';
import { useId } from 'react';

type Props = Omit<ButtonProps, 'disabled'> & {
  /** Why this cannot be done now. The button stays reachable by keyboard so that the reason can be read. */
  readonly disabledReason?: string | undefined;
};

/** A button that, where it would be refused, says why. */
export function ActionButton({ disabledReason, onClick, className = '', children, ...rest }: Props) {
  const reasonId = useId();
  if (disabledReason === undefined) {
    return (
      <Button className={className} onClick={onClick} {...rest}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip title={disabledReason} trigger={['hover', 'focus', 'click']}>
      <Button
        {...rest}
        type={rest.type === 'primary' ? 'default' : rest.type}
        className={`${className} ui-refused`}
        aria-disabled="true"
        aria-describedby={reasonId}
      >
        {children}
        <span id={reasonId} className="ui-visually-hidden">
          {disabledReason}
        </span>
      </Button>
    </Tooltip>
  );
}
