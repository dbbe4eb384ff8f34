import { holdsIdNumber, isNumberCell, type Cell, type ColumnMapping, type FieldType } from '@baoke/core/imports';
import type { CustomerId, ImportId, StoreId } from '@baoke/core/kernel';
import type { IdNumberVault } from '../customers/id-numbers.ts';

/** A cell with an ID number, encrypted for the import it belongs to. */
interface SealedCell {
  readonly sealed: string;
  readonly tail: string;
  /** Of a number cell: an ID number in one has lost digits, and must not come back as text that might pass for one. */
  readonly format?: string;
}
export type KeptCell = Cell | SealedCell;

/**
 * Cells of a refused or doubtful row as they are kept: what the column or the content says is an ID number is encrypted, and left out where
 * there is no vault. Source: spec 09 P18, no plain ID number at rest.
 */
export function keepCells(
  cells: readonly Cell[],
  mapping: ColumnMapping,
  vault: IdNumberVault | null,
  storeId: StoreId,
  importId: ImportId,
): KeptCell[] {
  return cells.map((cell, at) => {
    if (cell === null) return null;
    const text = textOf(cell);
    const field = mapping.columns[at]?.field ?? null;
    if (!holdsIdNumber(text, field === 'idNumber', field !== null)) return cell;
    if (!vault) return null;
    const { cipher, tail } = vault.seal(storeId, ownerOf(importId), text);
    return { sealed: cipher.toString('hex'), tail, ...(isNumberCell(cell) ? { format: cell.format } : {}) };
  });
}

function textOf(cell: NonNullable<Cell>): string {
  return isNumberCell(cell) ? String(cell.number) : cell.trim();
}

/** Cells as they are written where nothing may lie in plain: an ID number by its last four signs. */
export function maskIdNumbers(cells: readonly Cell[], types: readonly (FieldType | null)[]): Cell[] {
  return cells.map((cell, at) => {
    if (cell === null) return null;
    const text = textOf(cell);
    const type = types[at] ?? null;
    return holdsIdNumber(text, type === 'id_number', type !== null) ? masked(text.slice(-4)) : cell;
  });
}

function masked(tail: string): string {
  return `**************${tail}`;
}

/** Kept cells as they stood: for the workbook in which refused rows go back to be mended. */
export function openCells(cells: readonly KeptCell[], vault: IdNumberVault, storeId: StoreId, importId: ImportId): Cell[] {
  return cells.map((cell) => {
    if (!isSealed(cell)) return cell;
    const text = vault.open(storeId, ownerOf(importId), Buffer.from(cell.sealed, 'hex'));
    return cell.format === undefined ? text : { number: Number(text), format: cell.format };
  });
}

/** Kept cells as they are shown: an ID number by its last four signs. */
export function maskCells(cells: readonly KeptCell[]): Cell[] {
  return cells.map((cell) => (isSealed(cell) ? masked(cell.tail) : cell));
}

function isSealed(cell: KeptCell): cell is SealedCell {
  return cell !== null && typeof cell === 'object' && 'sealed' in cell;
}

/** A vault binds what it encrypts to a record of the store; these cells belong to the import, which is not of any customer. */
function ownerOf(importId: ImportId): CustomerId {
  return importId as string as CustomerId;
}
