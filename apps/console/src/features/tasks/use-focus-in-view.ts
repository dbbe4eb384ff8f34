import { useEffect, type RefObject } from 'react';

/** Keeps what has the focus wholly in sight while its form grows around it: the bar that saves sticks over the form's end. */
export function useFocusInView(form: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current: whole } = form;
    if (!whole) return;
    const sizes = new ResizeObserver(() => {
      const focused = document.activeElement;
      if (focused && whole.contains(focused) && !focused.closest('.task-save')) focused.scrollIntoView({ block: 'nearest' });
    });
    sizes.observe(whole);
    return () => sizes.disconnect();
  }, [form]);
}
