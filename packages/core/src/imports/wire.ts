import { z } from 'zod';
import type { CustomerId, ImportId, StaffId, VehicleId } from '../kernel/index.ts';
import { ROLES } from '../access/index.ts';
import { exportAs, id, idOut, instantOut, page, paged, words } from '../kernel/wire.ts';
import { FAULTS, FIELDS, FILE_KINDS, MENDS, ROW_OUTCOMES, type FieldName } from './model.ts';

const importId = id<ImportId>();
const position = z.number().int().min(0).max(99);
const outcome = z.enum(ROW_OUTCOMES);
const mode = z.enum(['create', 'upsert', 'update']);

export const FIELD_NAMES: readonly FieldName[] = [...new Set(FILE_KINDS.flatMap((kind) => Object.keys(FIELDS[kind]) as FieldName[]))];
const fieldName = z.enum(FIELD_NAMES as readonly [FieldName, ...FieldName[]]);

export const importInput = z.strictObject({ importId });
const status = z.enum(['uploaded', 'running', 'done', 'failed', 'cancelled', 'undone']);
export const listInput = z.strictObject({ status: status.optional(), ...page });
export const templateInput = z.strictObject({ kind: z.enum(FILE_KINDS), locale: exportAs.locale });
export const fileInput = z.strictObject({ importId, position });
/** The field of each column, in the order of the columns; null leaves one alone. */
export const mapInput = z.strictObject({
  importId,
  position,
  kind: z.enum(FILE_KINDS),
  columns: z.array(fieldName.nullable()).min(1).max(200),
  remember: z.boolean().default(true),
});
export const startInput = z.strictObject({ importId, mode: mode.default('upsert'), dryRun: z.boolean().default(false) });
export const rowsInput = z.strictObject({
  importId,
  position,
  outcomes: z.array(outcome).min(1).max(5).default(['rejected', 'warned']),
  ...page,
});

const counts = z.object({
  rows: z.number(),
  clean: z.number(),
  recovered: z.number(),
  warned: z.number(),
  duplicate: z.number(),
  rejected: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
});

export const fileView = z.object({
  position: z.number(),
  name: z.string(),
  kind: z.enum(FILE_KINDS).nullable(),
  bytes: z.number(),
  encoding: z.string().nullable(),
  missing: z
    .array(fieldName)
    .meta({ description: 'required fields that no column holds: while there is one, nothing of the file is imported' }),
  /** Null until the file has been gone through, for real or in a dry run. */
  counts: counts.nullable(),
  done: z.boolean(),
});
export const undone = z.object({ removed: z.number(), restored: z.number(), kept: z.number() });
export const importView = z.object({
  id: idOut<ImportId>(),
  status,
  mode,
  dryRun: z.boolean(),
  cancelRequested: z.boolean(),
  progress: z.object({ file: z.string(), phase: z.enum(['reading', 'writing', 'done']), rows: z.number() }).nullable(),
  failure: z.string().nullable(),
  createdBy: idOut<StaffId>().nullable(),
  createdByName: z.string().nullable(),
  createdAt: instantOut,
  startedAt: instantOut.nullable(),
  finishedAt: instantOut.nullable(),
  undone: undone.nullable().meta({ description: 'what taking it back did; null while it stands' }),
  files: z.array(fileView),
});
export const importPage = paged(importView);

const cell = z.union([z.string(), z.object({ number: z.number(), format: z.string() }), z.null()]);
export const columnView = z.object({
  header: z.string(),
  field: fieldName.nullable(),
  by: z.enum(['header', 'content', 'position', 'person', 'unknown']),
});
export const sampleView = z.object({
  kind: z.enum(FILE_KINDS).nullable(),
  headerRow: z.number().nullable(),
  columns: z.array(columnView),
  missing: z.array(fieldName),
  wanted: z.array(z.object({ field: fieldName, header: z.string(), synonyms: z.array(z.string()) })).meta({
    description:
      'the missing fields as columns: what they are called, and may be called; while there is one, nothing of the file is imported',
  }),
  rows: z.array(z.object({ row: z.number(), cells: z.array(cell) })),
});
export const rowView = z.object({
  row: z.number(),
  outcome,
  effect: z.enum(['created', 'updated', 'unchanged']).nullable(),
  findings: z.array(z.record(z.string(), z.unknown())),
  cells: z.array(cell),
});
export const rowPage = paged(rowView);
/** What was mended, doubted and refused in a file, with how many rows of each. */
export const reasonList = z.object({
  reasons: z.array(
    z.object({
      severity: z.enum(['mended', 'warned', 'rejected']),
      code: z.enum([...MENDS, ...FAULTS]),
      field: fieldName,
      rows: z.number(),
    }),
  ),
});
/** People whom the last run made up from names in the files, or in a dry run would make up, and those whom the names may mean instead. */
export const staffNames = z.object({
  names: z.array(
    z.object({
      name: z.string(),
      role: z.enum(['SA', 'SC']),
      staffId: idOut<StaffId>()
        .nullable()
        .meta({ description: 'the member of staff whom the name means; null: a person of its own without sign-in' }),
    }),
  ),
  workers: z.array(z.object({ id: idOut<StaffId>(), name: z.string(), role: z.enum(ROLES) })),
});
export const mapStaffInput = z.strictObject({ importId, name: words(100), staffId: id<StaffId>().nullable() });
/** Records that stayed when the import was taken back. */
export const keptInput = z.strictObject({ importId, ...page });
const KEPT_RECORDS = ['customers', 'vehicles', 'service_visits', 'orders', 'leads', 'insurance_policies'] as const;
export const keptView = z.object({
  entity: z.enum([...KEPT_RECORDS, 'staff']),
  id: z.string(),
  label: z.string().nullable().meta({ description: 'a name, a plate, a number, or the day it is of' }),
  because: z.enum(['worked_on', 'other_import', 'belongs']).meta({
    description: 'somebody has worked with it since, another import uses it, or it belongs to a record that stayed',
  }),
  root: z
    .object({ entity: z.enum(KEPT_RECORDS), id: z.string(), label: z.string().nullable() })
    .nullable()
    .meta({ description: 'the record worked with, or used by another import, for which it stays; null: it is that one itself, or staff' }),
  through: z
    .enum(KEPT_RECORDS)
    .nullable()
    .meta({ description: 'it stays alone, because a record of this kind names it; null: it stays with its facts' }),
  customerId: idOut<CustomerId>().nullable(),
  vehicleId: idOut<VehicleId>().nullable(),
});
export const keptPage = paged(keptView);

export type ImportView = z.infer<typeof importView>;
export type SampleView = z.infer<typeof sampleView>;
export type KeptView = z.infer<typeof keptView>;
export type RowView = z.infer<typeof rowView>;
export type ReasonCounts = z.infer<typeof reasonList>['reasons'];
