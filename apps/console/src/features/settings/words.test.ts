import { COMPLAINT_KINDS, DEFAULT_COMPLAINT_POLICY } from '@baoke/core/complaints';
import { SECTIONS, settingOf, type Setting } from '@baoke/core/settings';
import { createI18n } from '@baoke/i18n';
import { describe, expect, it } from 'vitest';
import { judge, valueOf } from './judge.ts';
import { changesBetween, fieldsOf, kindChoiceText, limitText, linesOfField, rowSentence } from './words.ts';

const { t } = createI18n('zh');

describe('a deadline in words', () => {
  it.each([
    { limit: 'same_day' as const, text: '登记当天' },
    { limit: { minutes: 59 }, text: '59 分钟内' },
    { limit: { minutes: 60 }, text: '1 小时内' },
    { limit: { minutes: 61 }, text: '1 小时 1 分钟内' },
    { limit: { minutes: 1440 }, text: '24 小时内' },
  ])('$text', ({ limit, text }) => {
    expect(limitText(t, limit)).toBe(text);
  });

  it('says whom it is for, most general and most specific', () => {
    const promise = { response: { minutes: 30 }, close: { minutes: 480 } };
    expect(rowSentence(t, { ...promise, businessHours: false })).toBe('其他所有客诉：30 分钟内首次响应，8 小时内结案。');
    expect(rowSentence(t, { ...promise, businessHours: true, source: 'wechat', kind: 'service.parts', severity: 'high' })).toBe(
      '微信评价 · 售后 / 配件 · 严重：30 分钟内首次响应，8 小时内结案，只计营业时间。',
    );
  });

  it('has words for every kind', () => {
    expect(COMPLAINT_KINDS.map((kind) => kindChoiceText(t, kind)).filter((text) => text.includes('complaints.'))).toEqual([]);
  });
});

describe('a section', () => {
  it.each(SECTIONS)('%s says something of every field it has', (section) => {
    const { value } = settingOf(section, null);
    expect(Object.keys(value).toSorted()).toEqual(fieldsOf(section).toSorted());
    const silent = fieldsOf(section).filter((field) => linesOfField(t, section, field, value[field as keyof typeof value]).length === 0);
    expect(silent).toEqual(section === 'calendar' ? ['exceptions'] : []);
  });
});

describe('what changed between two versions', () => {
  const before = settingOf('complaints', null);
  const rows = DEFAULT_COMPLAINT_POLICY.deadlines;
  const after = (deadlines: typeof rows): Setting => settingOf('complaints', { deadlines });

  it('is nothing where only the order of the rows is another', () => {
    expect(changesBetween(t, before, after(rows.toReversed()))).toEqual([]);
  });

  it('names the row by its conditions: changed, added, removed', () => {
    const [general, , ...others] = rows;
    if (!general) throw new Error('the shipped table has a general row');
    const next = after([{ ...general, response: { minutes: 30 } }, { ...general, severity: 'high' }, ...others]);
    expect(changesBetween(t, before, next)).toEqual([
      {
        key: 'deadlines.||',
        label: '其他所有客诉',
        before: '首次响应 1 小时内，结案（客户满意） 24 小时内',
        after: '首次响应 30 分钟内，结案（客户满意） 24 小时内',
      },
      { key: 'deadlines.||high', label: '严重', after: '首次响应 1 小时内，结案（客户满意） 24 小时内' },
      { key: 'deadlines.survey||', label: '满意度回访', before: '首次响应 1 小时内，结案（客户满意） 24 小时内' },
    ]);
  });
});

describe('judging while somebody types', () => {
  it('tells an emptied number and an early closing at their places', () => {
    const [general] = DEFAULT_COMPLAINT_POLICY.deadlines;
    if (!general) throw new Error('the shipped table has a general row');
    const typed = (row: object) => ({ ...DEFAULT_COMPLAINT_POLICY, deadlines: [{ ...general, ...row }] });
    expect(judge(t, 'complaints', typed({ response: { minutes: Number.NaN } }))).toEqual([
      { path: ['deadlines', 0, 'response'], text: '必填' },
    ]);
    expect(judge(t, 'complaints', typed({ close: { minutes: 1 } }))).toEqual([
      { path: ['deadlines', 0, 'close'], text: '结案时限不能短于首次响应时限' },
    ]);
  });

  it('leaves out weights of nothing, which are no change', () => {
    const { value } = settingOf('customers', null) as Extract<Setting, { section: 'customers' }>;
    expect(valueOf('customers', { ...value, personWeights: { ...value.personWeights, email: 0 } })).toEqual(value);
  });
});
