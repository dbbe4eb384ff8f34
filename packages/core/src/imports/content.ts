import { maskPhone, type Rights, type Scope } from '../access/index.ts';
import { maskAddress, readIdNumber } from '../customers/index.ts';
import { isNumberCell, plainNumber } from './cells.ts';
import type { Cell, ColumnMapping, FieldType } from './model.ts';
import { columnTypes } from './recognise.ts';

/** Who asks for what stood in a file. `uploader`: he brought it in, whatever he may do to customers. */
export type FileReader = { readonly uploader: boolean; readonly rights: Rights };

const reachesAll = (scope: Scope) => scope === 'store' || scope === 'group';

/**
 * Whether somebody sees what stood in the rows of a file: whoever brought it in, and whoever may look at all customers of the store. Of all
 * others a row keeps its number, what became of it and why. How to reach a person is masked on the screen for everybody (`maskContacts`).
 *
 * Source: 01 Rules, masks; 13, field classes: hidden fields are hidden in imports alike.
 */
export function seesRows({ uploader, rights }: FileReader): boolean {
  return uploader || reachesAll(rights('customers', 'view'));
}

/**
 * Whether somebody may take the refused rows of a file away: whoever brought it in, and whoever sees its rows and may take imports or customers
 * out of the store.
 *
 * Source: 01 Rules, exports are a permission of their own.
 */
export function takesRows(reader: FileReader): boolean {
  const { uploader, rights } = reader;
  return uploader || (seesRows(reader) && (reachesAll(rights('imports', 'export')) || reachesAll(rights('customers', 'export'))));
}

/** Whether the ID numbers of such rows may stand in full, if asked for: for whoever may reveal those of all customers. Source: 09 P18. */
export function opensIdNumbers(reader: FileReader): boolean {
  return takesRows(reader) && reachesAll(reader.rights('customers', 'edit'));
}

/** Where a row of digits that is no mobile is none of a person. */
const NO_PHONE: ReadonlySet<FieldType | null> = new Set<FieldType>(['plate', 'vin', 'date', 'amount', 'km', 'count', 'id_number']);
/** Digits of a phone column, however badly written. */
const DIGITS = /\d[\d\s-]{3,}\d/g;
/** A mobile, in whatever column it was put and however its digits are parted. */
const MOBILE = /(?<!\d)(?:\+?86[\s.-]?)?1[3-9](?:[\s.()-]?\d){9}(?!\d)/g;
const LANDLINE = /(?<![\dA-Za-z])0\d{2,3}[\s.-]?\d{7,8}(?![\dA-Za-z])/g;

/**
 * The cells of a row with every phone and address masked: in columns of phones any digits, elsewhere what looks like one, a mobile in any column. Without a mapping nothing is known of the columns.
 */
export function maskContacts(cells: readonly Cell[], mapping: Pick<ColumnMapping, 'kind' | 'columns'> | null): Cell[] {
  const types = mapping ? columnTypes(mapping) : [];
  return cells.map((cell, at) => {
    const type = types[at] ?? null;
    if (cell === null) return cell;
    const text = isNumberCell(cell) ? plainNumber(cell.number) : cell.normalize('NFKC');
    if (mapping?.columns[at]?.field === 'address') return maskAddress(text);
    const mask = (number: string) => maskPhone(number);
    let masked = text.replace(MOBILE, (number) => maskPhone(number.replace(/\D/g, '').slice(-11)));
    if (!NO_PHONE.has(type)) masked = masked.replace(LANDLINE, mask);
    if (type === 'phone') masked = masked.replace(DIGITS, mask);
    return masked === text ? cell : masked;
  });
}

/** One that is mistyped, or whose last digits a spreadsheet has lost, tells enough of its holder; so does one among other words, or parted by blanks. */
const LOOKS_LIKE_ID = /(?<![\dA-Za-z])\d(?:\s?\d){16}\s?[\dXx](?![\dA-Za-z])/;
/** As they were until 1999: six digits of the place, the day of birth in six, three more. Other numbers are as long, so only where no field is known. */
const LOOKS_LIKE_OLD_ID = /(?<![\dA-Za-z])\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![\dA-Za-z])/;

/** Whether the text of a cell holds an ID number: `named` where its column is that of ID numbers, `known` where it is that of any field. Source: 09 P18. */
export function holdsIdNumber(text: string, named: boolean, known: boolean): boolean {
  const plain = text.normalize('NFKC');
  return text !== '' && (named || LOOKS_LIKE_ID.test(plain) || (!known && LOOKS_LIKE_OLD_ID.test(plain)) || readIdNumber(plain).ok);
}
