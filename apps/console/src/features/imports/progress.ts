import { FILE_KINDS } from '@baoke/core/imports';
import type { ImportView } from '@baoke/core/imports/wire';

type Running = Pick<ImportView, 'files' | 'progress'>;

/**
 * How far a run has come, 0 to 100. Files are gone through in the order of their kinds. Where an earlier run has counted the
 * rows they are the measure; else the size of the files, the one at work counting half.
 */
export function percentOf({ files, progress }: Running): number {
  const queue = files.filter((file) => file.kind !== null).toSorted((a, b) => order(a.kind) - order(b.kind) || a.position - b.position);
  const at = queue.findIndex((file) => file.name === progress?.file);
  if (!progress || at === -1) return 0;
  const counted = queue.every((file) => file.counts !== null);
  const weight = (file: ImportView['files'][number]) => (counted ? (file.counts?.rows ?? 0) : file.bytes);
  const whole = queue.reduce((sum, file) => sum + weight(file), 0);
  const before = queue.slice(0, at).reduce((sum, file) => sum + weight(file), 0);
  const current = queue[at] ? weight(queue[at]) : 0;
  const within = progress.phase === 'done' ? current : counted ? Math.min(progress.rows, current) : current / 2;
  return whole === 0 ? 0 : Math.min(100, Math.round(((before + within) / whole) * 100));
}

function order(kind: ImportView['files'][number]['kind']): number {
  return kind === null ? FILE_KINDS.length : FILE_KINDS.indexOf(kind);
}
