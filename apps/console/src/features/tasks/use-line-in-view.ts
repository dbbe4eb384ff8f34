import { useRouter } from '@tanstack/react-router';
import { useLayoutEffect } from 'react';

/** Brings the line of what lies open into sight: after a change of place the router scrolls the queue to where it stood before. */
export function useLineInView(): void {
  const router = useRouter();
  useLayoutEffect(() => {
    const show = () => {
      document.querySelector('.day-queue [aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
    };
    show();
    return router.subscribe('onRendered', show);
  }, [router]);
}
