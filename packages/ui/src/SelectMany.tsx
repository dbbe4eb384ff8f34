import { Select, type SelectProps } from 'antd';
import type { KeyboardEvent } from 'react';

// The list below stays open for the next choice, and Tab would take what is highlighted in it, which nobody chose.
function leave(event: KeyboardEvent) {
  if (event.key === 'Tab') event.stopPropagation();
}

/** A choice of several, by typing and Enter. Tab leaves it with what has been chosen. */
export function SelectMany<Value>(props: Omit<SelectProps<Value>, 'mode'>) {
  return (
    <div onKeyDownCapture={leave}>
      <Select<Value> {...props} mode="multiple" />
    </div>
  );
}
