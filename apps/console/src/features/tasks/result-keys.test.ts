import { expect, it } from 'vitest';
import { meaningOf } from './result-keys.ts';

const press = (key: string, held: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
const aForm = (change: object = {}) => ({
  outcomes: ['reached', 'appointment', 'call_back'] as const,
  outcome: 'reached' as const,
  satisfactions: ['satisfied', 'neutral', 'dissatisfied', 'not_asked'] as const,
  inNote: true,
  fresh: true,
  ...change,
});

it.each([
  { name: 'a digit changes the result', key: press('2'), form: aForm(), meaning: { act: 'choose', outcome: 'appointment' } },
  { name: 'a digit is part of the note once something was typed', key: press('2'), form: aForm({ fresh: false }), meaning: undefined },
  { name: 'a digit says how satisfied he is', key: press('8'), form: aForm(), meaning: { act: 'say', satisfaction: 'neutral' } },
  { name: 'the nought says that nobody asked', key: press('0'), form: aForm(), meaning: { act: 'say', satisfaction: 'not_asked' } },
  { name: 'a digit says nothing once something was typed', key: press('8'), form: aForm({ fresh: false }), meaning: undefined },
  { name: 'a digit of no result is part of the note', key: press('9'), form: aForm({ satisfactions: [] }), meaning: undefined },
  { name: 'a digit is itself in another field', key: press('2'), form: aForm({ inNote: false }), meaning: undefined },
  { name: 'Ctrl and a digit is the browser’s', key: press('2', { ctrlKey: true }), form: aForm(), meaning: undefined },
  { name: 'Enter saves', key: press('Enter'), form: aForm(), meaning: { act: 'save' } },
  { name: 'Enter does nothing without a result', key: press('Enter'), form: aForm({ outcome: undefined }), meaning: undefined },
  { name: 'Shift+Enter is a new line', key: press('Enter', { shiftKey: true }), form: aForm(), meaning: undefined },
  {
    name: 'Ctrl+Enter saves from any field',
    key: press('Enter', { ctrlKey: true }),
    form: aForm({ inNote: false }),
    meaning: { act: 'save' },
  },
  { name: 'Esc leaves', key: press('Escape'), form: aForm({ fresh: false }), meaning: { act: 'leave' } },
])('$name', ({ key, form, meaning }) => expect(meaningOf(key, form)).toEqual(meaning));
