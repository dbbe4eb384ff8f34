import type { OrderId, VisitId } from '@baoke/core/kernel';
import { describe, expect, it } from 'vitest';
import { branchOfTask, departmentBranch, kindsFor, wordsAfterNote } from './complaint-defaults.ts';

const visitId = '00000000-0000-7000-8000-0000000000b1' as VisitId;
const orderId = '00000000-0000-7000-8000-0000000000b2' as OrderId;

describe('what a complaint uttered in a call starts with', () => {
  it.each([
    { name: 'a call after a visit', task: { visitId, orderId: null, result: 'contact_note' }, branch: 'service' },
    { name: 'a call after a delivery', task: { visitId: null, orderId, result: 'contact_note' }, branch: 'sales' },
    { name: 'a survey of the workshop', task: { visitId: null, orderId: null, result: 'csi' }, branch: 'service' },
    { name: 'a survey of the sale', task: { visitId: null, orderId: null, result: 'ssi' }, branch: 'sales' },
    { name: 'a birthday', task: { visitId: null, orderId: null, result: 'contact_note' }, branch: undefined },
  ] as const)('the department of $name', ({ task, branch }) => expect(branchOfTask(task)).toBe(branch));

  it.each([
    { name: 'a call about the workshop', branch: 'service', first: 'service.waiting', department: 'service' },
    { name: 'a call about the sale', branch: 'sales', first: 'sales.waiting', department: 'sales' },
    { name: 'a call about neither', branch: undefined, first: 'sales.waiting', department: 'sales' },
  ] as const)('the kinds of $name stand first, and the kind does not move its department', ({ branch, first, department }) => {
    expect(kindsFor(branch).find((kind) => kind.endsWith('.waiting'))).toBe(first);
    expect(kindsFor(branch)).toHaveLength(14);
    expect(departmentBranch(branch, 'sales.waiting')).toBe(department);
  });

  it.each([
    { name: 'nothing written yet', content: undefined, before: undefined, note: '等了一小时', expected: '等了一小时' },
    { name: 'the note goes on', content: '等了', before: '等了', note: '等了一小时', expected: '等了一小时' },
    { name: 'words of their own stay', content: '太慢', before: '等了', note: '等了一小时', expected: '太慢' },
    { name: 'words emptied follow again', content: ' ', before: '等了', note: '等了一小时', expected: '等了一小时' },
  ])('the words of the customer: $name', ({ content, before, note, expected }) =>
    expect(wordsAfterNote(content, before, note)).toBe(expected),
  );
});
