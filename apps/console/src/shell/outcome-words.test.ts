import { CARE_CHANNELS } from '@baoke/core/care';
import { CONTACT_CHANNELS, outcomesOf } from '@baoke/core/contacts';
import { outcomesFor } from '@baoke/core/tasks';
import { createI18n } from '@baoke/i18n';
import { describe, expect, it } from 'vitest';
import { outcomeText } from './outcome-words.ts';

const { t } = createI18n('zh');

describe('results in words', () => {
  it.each([
    { channel: 'letter', words: ['已寄出', '地址有误'] },
    { channel: 'wechat', words: ['已发送', '已回复', '未回复', '拒绝', '号码有误'] },
    { channel: 'visit', words: ['已面谈', '未见到', '已预约', '拒绝'] },
    { channel: 'phone', words: ['已联系', '未接通', '已预约', '稍后再打', '拒绝', '号码有误'] },
  ] as const)('are those of the channel: $channel', ({ channel, words }) => {
    expect(outcomesFor(channel).map((outcome) => outcomeText(t, outcome, channel))).toEqual(words);
  });

  it('can be told apart on every channel, in both languages', () => {
    for (const words of [t, createI18n('en').t])
      for (const [channel, outcomes] of [
        ...CARE_CHANNELS.map((one) => [one, outcomesFor(one)] as const),
        ...CONTACT_CHANNELS.map((one) => [one, outcomesOf(one)] as const),
      ])
        expect([channel, new Set(outcomes.map((outcome) => outcomeText(words, outcome, channel))).size]).toEqual([
          channel,
          outcomes.length,
        ]);
  });

  it('show a code that only a file knows', () => expect(outcomeText(t, 'fax_back', 'fax')).toBe('fax_back'));
});
