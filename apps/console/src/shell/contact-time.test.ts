import { createI18n } from '@baoke/i18n';
import { describe, expect, it } from 'vitest';
import { contactTimeText } from './contact-time.ts';

const zh = createI18n('zh').t;
const en = createI18n('en').t;

describe('the hours a customer likes', () => {
  it.each([
    { preferred: 'any 10:00-12:00', chinese: '10:00–12:00', english: '10:00–12:00' },
    { preferred: 'workday 18:00-20:00', chinese: '工作日 18:00–20:00', english: 'weekdays 18:00–20:00' },
    { preferred: 'weekend_afternoon', chinese: '周末 下午', english: 'weekend afternoon' },
    { preferred: 'weekend', chinese: '周末', english: 'weekend' },
    { preferred: 'any', chinese: '每天', english: 'any day' },
    { preferred: '下班以后', chinese: '下班以后', english: '下班以后' },
  ])('$preferred', ({ preferred, chinese, english }) => {
    expect([contactTimeText(zh, preferred), contactTimeText(en, preferred)]).toEqual([chinese, english]);
  });
});
