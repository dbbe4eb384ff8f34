import { join } from 'node:path';
import { isoWeek, type CivilDate } from '@baoke/core/kernel';
import {
  DEFAULT_POLICY,
  Directory,
  FIELDS,
  recognise,
  rowReader,
  type Cell,
  type ReadRow,
  type Recognition,
  type SheetRow,
} from '@baoke/core/imports';
import { describe, expect, it, test } from 'vitest';
import { readFileRows } from './reader/read-file.ts';
import type { FileFormat } from './reader/messages.ts';
import { exportFolders, manifestOf, wholeStore, type ExportFolder } from './testing.ts';

interface ReadFile {
  readonly format: FileFormat | undefined;
  readonly recognition: Recognition;
  readonly rows: readonly ReadRow[];
}

async function readAll(path: string, today: CivilDate): Promise<ReadFile> {
  const sheet: SheetRow[] = [];
  let format: FileFormat | undefined;
  for await (const batch of readFileRows(path, { onFormat: (told) => (format = told) })) sheet.push(...batch);
  const recognition = recognise(sheet.slice(0, 1000));
  if (!recognition) throw new Error(`not recognised: ${path}`);
  const read = rowReader(recognition.mapping, recognition.habits, { ...DEFAULT_POLICY, today });
  return { format, recognition, rows: sheet.map(read).filter((row) => row !== null) };
}

function aDirectory(): Directory {
  let made = 0;
  return new Directory(() => String((made += 1)), [], []);
}

const cache = new Map<string, Promise<ReadFile>>();
function fileOf(folder: ExportFolder, name: string): Promise<ReadFile> {
  const path = join(folder.path, name);
  let file = cache.get(path);
  if (!file) {
    file = readAll(path, manifestOf(folder).today);
    cache.set(path, file);
  }
  return file;
}

function countBy<T>(items: Iterable<T>, key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const found = key(item);
    counts[found] = (counts[found] ?? 0) + 1;
  }
  return counts;
}

/** The generator compares text under NFKC, phones and VINs as their values. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFKC');
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((phone: { e164: string }) => phone.e164);
  if (value !== null && typeof value === 'object' && 'vin' in value) return value.vin;
  return value;
}

if (!wholeStore()) test.skip('the export of a whole store: BAOKE_TEST_DATA does not name a folder with dms-export', () => undefined);

describe.each(exportFolders())('the export $name', { timeout: 60_000 }, (folder) => {
  const manifest = manifestOf(folder);

  describe.each(Object.keys(manifest.files))('%s', (name) => {
    const expected = manifest.files[name]!;
    const headerOf = (file: ReadFile, field: string) => file.recognition.mapping.columns.find((column) => column.field === field)?.header;

    it('is recognised: encoding, header row, every column', async () => {
      const file = await fileOf(folder, name);
      expect(file.recognition.mapping.headerRow).toBe(expected.headerRow);
      expect(file.recognition.missing).toEqual([]);
      const encodings: Record<string, string> = { gb18030: 'GB18030', 'utf-8-bom': 'UTF-8 with BOM' };
      expect(file.format?.format === 'csv' ? encodings[file.format.encoding] : file.format?.format).toBe(expected.encoding);
      const fields: Record<string, { header: string }> = FIELDS[file.recognition.mapping.kind];
      const seen = file.recognition.mapping.columns.map((column) => (column.field === null ? null : fields[column.field]?.header));
      const wanted = expected.columns.map((column) => (typeof column === 'string' ? column : column.field));
      expect([...seen, ...wanted.slice(seen.length)]).toEqual(wanted);
    });

    it('gives every row its outcome, every refused one its column, cell and reason', async () => {
      const file = await fileOf(folder, name);
      const alone = aDirectory();
      alone.beginFile();
      const duplicates: { row: number; of: number }[] = [];
      const warned: ReadRow[] = [];
      const outcomes = countBy(file.rows, (row) => {
        if (row.outcome === 'rejected') return 'rejected';
        const { duplicateOf } = alone.apply(row.row, row.data);
        if (duplicateOf === null) {
          if (row.outcome === 'warned') warned.push(row);
          return row.outcome;
        }
        duplicates.push({ row: row.row, of: duplicateOf });
        return 'duplicate';
      });
      const { total, recoverable, ...others } = expected.rows;
      expect({ ...outcomes, total: file.rows.length }).toEqual({ ...others, recovered: recoverable, total });
      expect(duplicates).toEqual(expected.duplicates);
      const rejected = file.rows.flatMap(({ row, rejection }): { row: number; column: string | undefined; reason: string; raw: Cell }[] =>
        rejection ? [{ row, column: headerOf(file, rejection.field), reason: rejection.reason, raw: rejection.raw }] : [],
      );
      expect(rejected).toEqual(expected.rejected);
      const reasons = warned.flatMap((row) => [
        ...new Set(row.findings.filter((finding) => finding.severity === 'warned').map((finding) => finding.code)),
      ]);
      expect(countBy(reasons, String)).toEqual(expected.warnedByReason);
      expect({ customers: alone.customerCount, vehicles: alone.vehicleCount }).toEqual({
        customers: expected.expected.customers,
        vehicles: expected.expected.vehicles ?? 0,
      });
    });

    it('reads the sample cells as the generator meant them', async () => {
      const file = await fileOf(folder, name);
      for (const sample of expected.samples) {
        const column = file.recognition.mapping.columns.find((candidate) => candidate.header === sample.column);
        const values: Record<string, unknown> = { ...file.rows.find((row) => row.row === sample.row)?.data.values };
        const wanted = Array.isArray(sample.expected) ? sample.expected : comparable(sample.expected);
        expect({ row: sample.row, column: sample.column, value: comparable(values[column?.field ?? '']) }).toEqual({
          row: sample.row,
          column: sample.column,
          value: wanted,
        });
      }
    });
  });

  it('makes the same customers and vehicles of the four files, one after the other', async () => {
    const together = aDirectory();
    const customers: number[] = [];
    const vehicles: number[] = [];
    for (const name of manifest.combined.order) {
      together.beginFile();
      for (const row of (await fileOf(folder, name)).rows) if (row.outcome !== 'rejected') together.apply(row.row, row.data);
      customers.push(together.customerCount);
      vehicles.push(together.vehicleCount);
    }
    expect({ customers, vehicles }).toEqual({
      customers: manifest.combined.customersAfterEach,
      vehicles: manifest.combined.vehiclesAfterEach,
    });
  });

  it('counts visits by category and ISO week, refunds, open work orders and fen received', async () => {
    const file = await fileOf(folder, '维修记录.csv');
    const alone = aDirectory();
    alone.beginFile();
    const accepted = file.rows.flatMap((row) =>
      row.outcome !== 'rejected' && row.data.kind === 'service' && alone.apply(row.row, row.data).duplicateOf === null
        ? [row.data.values]
        : [],
    );
    const visits = accepted.filter((visit) => (visit.receivedFen ?? 0) >= 0);
    const { service } = manifest;
    expect({
      visits: visits.length,
      refunds: accepted.length - visits.length,
      openWorkOrders: visits.filter((visit) => visit.receivedFen === null && visit.settledOn === null).length,
      receivedFen: accepted.reduce((sum, visit) => sum + (visit.receivedFen ?? 0), 0),
      byCategory: countBy(visits, (visit) => visit.category ?? ''),
    }).toEqual({
      visits: service.visits,
      refunds: service.refunds,
      openWorkOrders: service.openWorkOrders,
      receivedFen: service.receivedFen,
      byCategory: service.byCategory,
    });
    for (const week of service.weeks) {
      const inWeek = visits.filter((visit) => isoWeek(visit.arrivedOn as CivilDate) === week.week);
      const seen = countBy(inWeek, (visit) => visit.category ?? '');
      expect({ week: week.week, total: inWeek.length, ...seen }).toEqual({
        week: week.week,
        total: week.total,
        ...Object.fromEntries(Object.entries(week.byCategory).filter(([, count]) => count > 0)),
      });
    }
  });
});
