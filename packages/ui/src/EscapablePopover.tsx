import { Popover, type PopoverProps } from 'antd';
import { useRef, useState, type KeyboardEvent } from 'react';

/** A popover that Esc closes, from its content as well as from what opened it, to which the focus goes back. */
export function EscapablePopover({ open: given, onOpenChange, children, ...props }: PopoverProps) {
  const [own, setOwn] = useState(false);
  const open = given ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  const frame = useRef<HTMLSpanElement>(null);
  const close = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    // Only this one: a dialog below stays.
    event.stopPropagation();
    change(false);
    frame.current?.querySelector('button')?.focus();
  };
  return (
    <span ref={frame} onKeyDown={close}>
      <Popover trigger="click" placement="bottomRight" {...props} open={open} onOpenChange={change}>
        {children}
      </Popover>
    </span>
  );
}
