import type { ImportView } from '@baoke/core/imports/wire';
import { describe, expect, it } from 'vitest';
import { percentOf } from './progress.ts';

type File = ImportView['files'][number];
const counts = (rows: number): File['counts'] => ({
  rows,
  clean: rows,
  recovered: 0,
  warned: 0,
  duplicate: 0,
  rejected: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
});
const file = (position: number, kind: File['kind'], bytes: number, rows?: number): File => ({
  position,
  name: `${position}.csv`,
  kind,
  bytes,
  encoding: null,
  counts: rows === undefined ? null : counts(rows),
  missing: [],
  done: false,
});
// Given in another order than they are gone through.
const sized = [file(0, 'service', 300), file(1, 'customers', 100)];
const counted = [file(0, 'service', 1, 300), file(1, 'customers', 1, 100)];

describe('how far a run has come', () => {
  it.each([
    { name: 'before it began', files: sized, progress: null, percent: 0 },
    { name: 'half of the first file by its size', files: sized, progress: { file: '1.csv', phase: 'writing', rows: 7 }, percent: 13 },
    { name: 'the first file done', files: sized, progress: { file: '1.csv', phase: 'done', rows: 90 }, percent: 25 },
    { name: 'rows where they are counted', files: counted, progress: { file: '0.csv', phase: 'writing', rows: 150 }, percent: 63 },
    { name: 'more rows than counted', files: counted, progress: { file: '0.csv', phase: 'writing', rows: 500 }, percent: 100 },
    { name: 'a file nobody knows', files: counted, progress: { file: 'x', phase: 'writing', rows: 1 }, percent: 0 },
    { name: 'no rows at all', files: [file(0, 'leads', 1, 0)], progress: { file: '0.csv', phase: 'done', rows: 0 }, percent: 0 },
  ] as const)('$name', ({ files, progress, percent }) => {
    expect(percentOf({ files: [...files], progress })).toBe(percent);
  });
});
