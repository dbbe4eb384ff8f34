import { expect, it } from 'vitest';
import { lunarOf, zodiacIndex } from './calendar.ts';
import { addDays, type CivilDate } from './time.ts';

it('takes the zodiac from the lunar year, on every day around every new year', () => {
  for (let year = 1920; year <= 2040; year += 1) {
    for (let date = `${year}-01-20` as CivilDate; date < `${year}-02-22`; date = addDays(date, 1)) {
      expect([date, zodiacIndex(date)]).toEqual([date, (lunarOf(date).year - 4) % 12]);
    }
  }
});
