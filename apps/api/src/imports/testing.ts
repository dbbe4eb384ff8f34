import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cell } from '@baoke/core/imports';
import type { CivilDate } from '@baoke/core/kernel';

/** What a correct import makes of a folder of exports, as its generator wrote it down. */
export interface Manifest {
  readonly today: CivilDate;
  readonly files: Readonly<Record<string, ManifestFile>>;
  readonly combined: {
    readonly order: readonly string[];
    readonly customersAfterEach: readonly number[];
    readonly vehiclesAfterEach: readonly number[];
    readonly companies: number;
  };
  readonly service: {
    readonly visits: number;
    readonly refunds: number;
    readonly openWorkOrders: number;
    readonly receivedFen: number;
    readonly byCategory: Readonly<Record<string, number>>;
    readonly weeks: readonly {
      readonly week: string;
      readonly from: string;
      readonly to: string;
      readonly total: number;
      readonly byCategory: Readonly<Record<string, number>>;
    }[];
  };
}
export interface ManifestFile {
  readonly encoding: string;
  readonly headerRow: number;
  readonly rows: {
    readonly total: number;
    readonly clean: number;
    readonly recoverable: number;
    readonly warned: number;
    readonly rejected: number;
    readonly duplicate: number;
  };
  readonly expected: {
    readonly customers: number;
    readonly vehicles?: number;
    readonly orders?: number;
    readonly openOrders?: number;
    readonly leads?: number;
  };
  readonly rejected: readonly { readonly row: number; readonly column: string; readonly reason: string; readonly raw: Cell }[];
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly warnedByReason: Readonly<Record<string, number>>;
  readonly duplicates: readonly { readonly row: number; readonly of: number }[];
  readonly samples: readonly { readonly row: number; readonly column: string; readonly expected: unknown }[];
  readonly columns: readonly (string | { readonly header: string; readonly field: string | null })[];
  readonly dealFen?: number;
}
export interface ExportFolder {
  readonly name: string;
  readonly path: string;
}

/** The small export and the one of another system; the whole store's as well where BAOKE_TEST_DATA names the folder that holds it. */
export function exportFolders(): ExportFolder[] {
  const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
  const folders = ['dms-export-small', 'dms-export-variant'].map((name) => ({ name, path: join(fixtures, name) }));
  const whole = wholeStore();
  return whole ? [...folders, whole] : folders;
}

export function wholeStore(): ExportFolder | undefined {
  const data = process.env['BAOKE_TEST_DATA'];
  if (!data) return undefined;
  const path = join(data, 'dms-export');
  return existsSync(join(path, 'manifest.json')) ? { name: 'dms-export', path } : undefined;
}

export function manifestOf(folder: ExportFolder): Manifest {
  // The shape is the generator's; a test that reads what is not there fails by itself.
  return JSON.parse(readFileSync(join(folder.path, 'manifest.json'), 'utf8')) as Manifest;
}

/** What of a store an import writes and people see: what has to stand alike after the same files, whatever happened in between. */
export const BUSINESS_TABLES = [
  'customers',
  'customer_phones',
  'vehicles',
  'ownerships',
  'mileage_readings',
  'insurance_policies',
  'service_visits',
  'orders',
  'leads',
  'search_tokens',
  'staff',
  'service_day_counts',
] as const;
