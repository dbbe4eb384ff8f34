import type { FieldName, RowOutcome } from '@baoke/core/imports';
import type { ImportView, ReasonCounts, RowView } from '@baoke/core/imports/wire';
import type { Tone } from '@baoke/ui';
import type { TFunction } from 'i18next';

type Reason = Omit<ReasonCounts[number], 'rows'>;

// Findings travel as open records; their codes are those of the rules. One without words shows itself.
function word(t: TFunction, keys: readonly string[], otherwise: string): string {
  return (t as unknown as (keys: readonly string[], options: object) => string)(keys, { defaultValue: otherwise });
}

/** `电话：不是有效的号码`; what names its field by itself stands alone, `维修类别没有填写`. */
export function reasonText(t: TFunction, { field, code }: Pick<Reason, 'field' | 'code'>): string {
  return ofField(t, t(`imports.fields.${field}`), word(t, [`imports.faults.${code}`, `imports.mends.${code}`], code));
}

function ofField(t: TFunction, field: string, reason: string): string {
  return reason.toLowerCase().includes(field.toLowerCase()) ? reason : t('imports.wizard.reasonCell', { field, reason });
}

/** What is said of a row: its duplicate, or each finding. */
export function findingText(t: TFunction, finding: RowView['findings'][number]): string {
  if (typeof finding.duplicateOf === 'number') return t('imports.wizard.duplicateOf', { row: finding.duplicateOf });
  const code = String(finding.code);
  const reason = word(t, [`imports.faults.${code}`, `imports.mends.${code}`], code);
  const field =
    finding.field === undefined
      ? columnText(t, String(finding.column))
      : word(t, [`imports.fields.${String(finding.field)}`], String(finding.field));
  return ofField(t, field, reason);
}

/** A column of the record that a row would have changed, as its form calls it. */
function columnText(t: TFunction, column: string): string {
  const field = column.replace(/_([a-z])/g, (_, sign: string) => sign.toUpperCase());
  return word(t, [`customers.fields.${field}`, `vehicles.fields.${field}`, `imports.fields.${field}`], column);
}

export function cellText(cell: RowView['cells'][number]): string {
  return cell === null ? '' : typeof cell === 'string' ? cell : String(cell.number);
}

export function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function fieldText(t: TFunction, field: FieldName): string {
  return t(`imports.fields.${field}`);
}

/** Why nothing of a file is imported; undefined when it is. */
export function leftOutText(t: TFunction, { kind, missing }: ImportView['files'][number]): string | undefined {
  if (kind === null) return t('imports.wizard.leftOutUnknown');
  if (missing.length === 0) return undefined;
  return t('imports.wizard.leftOutMissing', { fields: missing.map((field) => fieldText(t, field)).join(t('imports.wizard.and')) });
}

export const OUTCOME_TONES: Readonly<Record<RowOutcome, Tone>> = {
  clean: 'good',
  recovered: 'info',
  warned: 'warn',
  duplicate: 'neutral',
  rejected: 'bad',
};
export const SEVERITY_TONES: Readonly<Record<Reason['severity'], Tone>> = { mended: 'info', warned: 'warn', rejected: 'bad' };
export const STATUS_TONES: Readonly<Record<ImportView['status'], Tone>> = {
  uploaded: 'neutral',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  undone: 'neutral',
};
