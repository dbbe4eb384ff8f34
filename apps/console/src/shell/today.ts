import { dateIn, instantOfMilliseconds, type CivilDate, type TimeZone } from '@baoke/core/kernel';
import { useNow } from '@baoke/ui';
import { useMe } from './session.ts';

/** The day it is at the store, whatever zone this device is in. */
export function useToday(): CivilDate {
  const { store } = useMe();
  return dateIn(store.timeZone as TimeZone, instantOfMilliseconds(useNow(60_000))); // the server sends a zone it checked
}
