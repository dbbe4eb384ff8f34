import { foldWidth, isCompanyName, readIdNumber, readPhone, tidyName, type Phone } from '../customers/index.ts';
import {
  addDays,
  addMinutes,
  dateIn,
  dateOfDayNumber,
  fen,
  hasHiddenSigns,
  instant,
  instantAt,
  isCivilDate,
  LAST_DAY,
  MOST_FEN,
  startOfDay,
  withoutHiddenSigns,
  type CivilDate,
  type Fen,
  type Instant,
  type TimeZone,
} from '../kernel/index.ts';
import { readPlate, readVin } from '../vehicles/index.ts';
import type { Cell, ColumnHabit, Fault, FieldType, FieldValues, ImportPolicy, Mend, NumberCell } from './model.ts';

/** A cell after reading: its value, how it was mended, and what is wrong with it. `kept` faults leave a doubtful value in place. */
export interface CellReading<T> {
  readonly value: T;
  readonly mends: readonly Mend[];
  readonly faults: readonly Fault[];
  /** The cell said nothing: blank, or a word for nothing. */
  readonly empty: boolean;
}

/** The time of day beside a date, `17:40:00`, on a wall clock: the store's, or one so many minutes ahead of UTC. */
interface TimeBeside {
  readonly wall: string;
  readonly offsetMinutes: number | null;
}

/** A date, with the time of day that stood beside it; midnight tells none, for so do systems write a date alone. */
export interface DateReading extends CellReading<CivilDate | null> {
  readonly time?: TimeBeside | { readonly at: Instant } | undefined;
}

/** A date, and the moment where the cell tells it. */
export interface MomentReading extends CellReading<CivilDate | null> {
  readonly at: Instant | null;
}

/** Words that people put where there is nothing to say. */
const NOTHING = /^(?:-+|—+|\/|无|暂无|空|没有|未知|不详|null|none|nil|n\/a|#n\/a)$/i;
const EMOJI = /\p{Extended_Pictographic}/u;
const FORMULA_LIKE = /^[=+\-@]/;
const DATE_FORMAT = /[ymdh]/i;
/** The spellings that most cells have, which need no mending. Amounts small enough that a hundred times them is exact to the fen. */
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const PLAIN_AMOUNT = /^\d{1,9}(?:\.\d{1,2})?$/;
const PLAIN_WHOLE = /^\d{1,9}$/;

/** Licences are older than anything else in a dealer's files; what lies outside is a slip of the year. */
const [FIRST_IMPORTED, LAST_IMPORTED] = ['1950-01-01', LAST_DAY] as const;

const TIME = /(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AP]M)?(?:(Z)|([+-])(\d{2}):?(\d{2}))?$/i;
/** The same as people write it: 下午5:40, 17时40分, 17点; it may stand at its day without a blank. */
const SPOKEN_TIME =
  /(?<=[日号\s])\s*(凌晨|早上|上午|中午|下午|晚上)?\s*(\d{1,2})\s*[:时点](?:\s*(\d{1,2})\s*分?)?(?:\s*:?\s*(\d{1,2})\s*秒?)?$/u;
const HALVES: Readonly<Record<string, string>> = { 凌晨: 'AM', 早上: 'AM', 上午: 'AM', 下午: 'PM', 晚上: 'PM' };
const SECONDS_PER_DAY = 86_400;

/** Days from 1899-12-30, where spreadsheets begin to count, to 1970-01-01. */
const SERIAL_OF_1970 = 25_569;

export function isNumberCell(cell: Cell): cell is NumberCell {
  return cell !== null && typeof cell === 'object';
}

/** Whether a number format shows a date: letters of year, month, day or hour outside quotes, brackets and escapes. */
export function isDateFormat(format: string): boolean {
  if (format === 'General' || format === '@') return false;
  return DATE_FORMAT.test(format.replace(/"[^"]*"|\[[^\]]*\]|\\./g, '').replace(/general/gi, ''));
}

/** The cell as text without guards, edges and signs nobody sees, with what was taken away. */
interface Bare {
  readonly text: string;
  readonly mends: Mend[];
}

function bare(cell: Cell, habit: ColumnHabit, whole = false): Bare {
  if (cell === null) return { text: '', mends: [] };
  if (isNumberCell(cell)) return { text: plainNumber(cell.number), mends: habit.cells === 'text' ? ['number_cell'] : [] };
  const mends: Mend[] = [];
  let text = cell.includes('\u0000') ? cell.replaceAll('\u0000', '') : cell;
  if (!whole && hasHiddenSigns(text)) {
    mends.push('hidden_signs');
    text = withoutHiddenSigns(text);
  }
  if (text.startsWith('\t')) {
    mends.push('csv_tab_guard');
    text = text.replace(/^\t+/, '');
  }
  const guarded = text.includes('="') ? /^\s*="([\s\S]*)"\s*$/.exec(text) : null;
  if (guarded) {
    mends.push('csv_equals_guard');
    text = guarded[1] ?? '';
  }
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed !== text) mends.push(/[\r\n]\s*$/.test(text) ? 'newline_trailing' : 'space_edges');
  return { text: trimmed, mends };
}

/** A number as digits, without an exponent and without the noise of binary fractions. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  return String(Math.round(value * 1e6) / 1e6);
}

function nothing<T>(value: T): CellReading<T> {
  return { value, mends: [], faults: [], empty: true };
}

/** Phones of a cell, the first mobile first; the others are kept behind it. */
export function readPhones(cell: Cell, habit: ColumnHabit, policy: ImportPolicy): CellReading<readonly Phone[]> {
  const { text, mends } = bare(cell, habit);
  if (text === '' || NOTHING.test(text) || text === '0') return nothing([]);
  const mobiles: Phone[] = [];
  const landlines: Phone[] = [];
  let fault: Fault | undefined;
  const pieces = text.split(/[;；,，、/|\r\n]+|(?<=\d{7})\s+(?=0\d{2,3}-|1[3-9]\d{9}(?!\d))/u).filter((piece) => piece.trim() !== '');
  if (pieces.length > 1) mends.push('phone_two');
  for (const piece of pieces) {
    const reading = readPhone(piece, policy.areaCode);
    if (!reading.ok) {
      fault ??= PHONE_FAULT[reading.refusal];
      continue;
    }
    for (const mend of reading.mends) mends.push(mend === 'separators' && /\d\s+\d/.test(piece) ? 'phone_spaces' : PHONE_MEND[mend]);
    const known = [...mobiles, ...landlines].some((phone) => phone.e164 === reading.phone.e164);
    if (!known) (reading.phone.kind === 'mobile' ? mobiles : landlines).push(reading.phone);
  }
  // Two numbers of one cell may have been mended alike.
  const shown = [...new Set(mends.map((mend): Mend => (mend === 'number_cell' ? 'phone_number_cell' : mend)))];
  return { value: [...mobiles, ...landlines], mends: shown, faults: fault ? [fault] : [], empty: false };
}

const PHONE_FAULT = {
  'customers.phone_digits': 'phone_digit_missing',
  'customers.phone_scientific': 'phone_scientific_lossy',
  'customers.phone_format': 'phone_unreadable',
} as const;

const PHONE_MEND = {
  country_code: 'phone_plus86',
  separators: 'phone_dashes',
  area_code_added: 'phone_area_code_added',
  leading_zero_added: 'phone_zero_lost',
  decimal_tail: 'phone_decimal',
  scientific: 'phone_scientific_full',
  fullwidth: 'fullwidth',
} as const;

/**
 * A calendar date in any of the spellings of spreadsheets and people: year first, two-digit years mean 20yy. A time of day is told beside
 * the date and changes nothing of it, unless it says how far from UTC it is: then the day is that of the moment in the store.
 * 0000-00-00 and 1900-01-00 (the number 0 in a date cell) mean empty; a day that does not exist is a fault, and so is one outside 1950 to
 * 2099. Source: import policy on dates.
 */
export function readDate(cell: Cell, habit: ColumnHabit, { zone }: Pick<ImportPolicy, 'zone'>): DateReading {
  const reading = inStore(readAnyDate(cell, habit), zone);
  const { value } = reading;
  if (value === null || (value >= FIRST_IMPORTED && value <= LAST_IMPORTED)) return reading;
  return { value: null, mends: reading.mends, faults: ['date_unreadable'], empty: false };
}

/**
 * The date of something that has happened: one that lies ahead is a slip, or a plan that is none of our records. Tomorrow passes, for the
 * file may come from a place where that day has begun.
 */
export function readPastDate(cell: Cell, habit: ColumnHabit, policy: ImportPolicy): DateReading {
  const { today } = policy;
  const reading = readDate(cell, habit, policy);
  if (reading.value === null || reading.value <= today || reading.value === addDays(today, 1)) return reading;
  return { value: null, mends: reading.mends, faults: ['date_future'], empty: false };
}

/**
 * The same with the moment of it, where a time of day stands beside the date: on the store's wall clock, or with its own offset from UTC.
 *
 * A time skipped by a clock change moves forward with it. Source: requirements W-12, promises that run by the hour from a delivery.
 */
export function readPastMoment(cell: Cell, habit: ColumnHabit, policy: ImportPolicy): MomentReading {
  const { time, ...reading } = readPastDate(cell, habit, policy);
  const at = time && reading.value !== null ? momentOf(policy.zone, reading.value, time) : null;
  return at === null ? { ...reading, at } : { ...reading, mends: reading.mends.filter((mend) => mend !== 'date_time'), at };
}

function momentOf(zone: TimeZone, on: CivilDate, time: NonNullable<DateReading['time']>): Instant | null {
  const at = 'at' in time ? time.at : instantAt(zone, on, time.wall);
  return at === startOfDay(zone, on) ? null : at;
}

// Systems write a day of the store as the moment it begins, in UTC.
function inStore(reading: DateReading, zone: TimeZone): DateReading {
  const { value, time } = reading;
  if (value === null || !time || 'at' in time || time.offsetMinutes === null) return reading;
  const at = addMinutes(instant(`${value}T${time.wall}Z`), -time.offsetMinutes);
  return { ...reading, value: dateIn(zone, at), time: { at } };
}

function timeOf([, hour, minute, second = '0', half, utc, sign, ahead, minutesAhead]: RegExpExecArray): TimeBeside | undefined {
  const written = Number(hour);
  const isMorning = half?.toUpperCase() === 'AM';
  if (isMorning && written > 12) return undefined;
  const hours = half === undefined || (!isMorning && written > 12) ? written : (written % 12) + (isMorning ? 0 : 12);
  const [minutes, seconds] = [Number(minute), Number(second)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const offset =
    utc === undefined && sign === undefined ? null : Number(`${sign ?? ''}${Number(ahead ?? 0) * 60 + Number(minutesAhead ?? 0)}`);
  return timeBeside((hours * 60 + minutes) * 60 + seconds, offset);
}

function timeBeside(seconds: number, offsetMinutes: number | null): TimeBeside | undefined {
  if (seconds === 0 || seconds >= SECONDS_PER_DAY) return undefined;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return { wall: parts.map((part) => String(part).padStart(2, '0')).join(':'), offsetMinutes };
}

function readAnyDate(cell: Cell, habit: ColumnHabit): DateReading {
  if (isNumberCell(cell)) return dateOfNumber(cell.number, isDateFormat(cell.format), habit);
  const { text, mends } = bare(cell, habit);
  if (text === '' || NOTHING.test(text)) return nothing(null);
  if (habit.cells === 'text' && ISO_DATE.test(text) && isCivilDate(text)) return { value: text, mends, faults: [], empty: false };
  let plain = text.normalize('NFKC');
  if (plain !== text) mends.push('fullwidth');
  plain = plain.replace(SPOKEN_TIME, (_, half: string | undefined, hour: string, minute = '00', second = '00') =>
    ` ${hour}:${minute.padStart(2, '0')}:${second.padStart(2, '0')} ${HALVES[half ?? ''] ?? ''}`.trimEnd(),
  );
  const timed = TIME.exec(plain);
  if (timed) {
    mends.push('date_time');
    plain = plain.slice(0, timed.index);
  }
  if (/^\d{5}(?:\.\d+)?$/.test(plain)) return { ...dateOfNumber(Number(plain), false, habit), mends: [...mends, 'date_serial'] };
  const parts =
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ??
    /^(\d{4}|\d{2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})$/.exec(plain) ??
    /^(\d{4}|\d{2})\s*(年)\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?$/.exec(plain);
  if (!parts) return { value: null, mends, faults: ['date_unreadable'], empty: false };
  const compact = parts.length === 4;
  const separator = compact ? '' : (parts[2] ?? '');
  const [year = '', month = '', day = ''] = compact ? parts.slice(1) : [parts[1], parts[3], parts[4]];
  const usual = separator === '-' && year.length === 4 && month.length === 2 && day.length === 2;
  if (compact) mends.push('date_compact');
  else if (year.length === 2) mends.push('date_two_digit_year');
  else if (!usual || habit.cells === 'date_cell') mends.push(DATE_MEND[separator as keyof typeof DATE_MEND]);
  const iso = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (iso === '0000-00-00') return { value: null, mends: [...mends, 'date_dash'], faults: ['date_zero'], empty: true };
  if (iso === '1900-01-00') return { value: null, mends: [...mends, 'date_dash'], faults: ['date_1900'], empty: true };
  if (isCivilDate(iso)) return { value: iso, mends, faults: [], empty: false, time: timed ? timeOf(timed) : undefined };
  const inReach = iso >= FIRST_IMPORTED && iso <= LAST_IMPORTED;
  return { value: null, mends, faults: [inReach ? 'date_feb31' : 'date_unreadable'], empty: false };
}

const DATE_MEND = { '-': 'date_dash', '/': 'date_slash', '.': 'date_dot', 年: 'date_chinese' } as const;

function dateOfNumber(value: number, shownAsDate: boolean, habit: ColumnHabit): DateReading {
  if (value === 0) return { value: null, mends: ['date_cell'], faults: ['date_1900'], empty: true };
  if (Number.isInteger(value) && value >= 18_500_101 && value <= 22_001_231) {
    const digits = String(value);
    const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
    return isCivilDate(iso)
      ? { value: iso, mends: ['date_compact'], faults: [], empty: false }
      : { value: null, mends: [], faults: ['date_feb31'], empty: false };
  }
  // Below 61 the count is off by the 29 February 1900 that never was; no dealership has dates there.
  if (value < 61 || value >= 109_575) return { value: null, mends: [], faults: ['date_unreadable'], empty: false };
  const date = dateOfDayNumber(Math.floor(value) - SERIAL_OF_1970);
  const mends: Mend[] = [];
  if (!shownAsDate) mends.push('date_serial');
  else if (habit.cells !== 'date_cell') mends.push('date_cell');
  // Fractions of a day are binary: what they mean is whole seconds.
  const time = Number.isInteger(value) ? undefined : timeBeside(Math.round((value - Math.floor(value)) * SECONDS_PER_DAY), null);
  return { value: date, mends, faults: [], empty: false, time };
}

/** An amount in yuan or ten thousands of yuan, to fen; beyond two decimals half a fen rounds away from zero. */
export function readAmount(cell: Cell, habit: ColumnHabit): CellReading<Fen | null> {
  if (isNumberCell(cell)) {
    const cents = Math.sign(cell.number) * Math.round(Math.abs(cell.number) * 100 + 1e-6);
    if (Math.abs(cents) > MOST_FEN || !Number.isInteger(cents))
      return { value: null, mends: [], faults: ['amount_unreadable'], empty: false };
    const mends: Mend[] = habit.cells === 'text' ? ['number_cell'] : [];
    if (cents < 0) mends.push('amount_negative');
    return { value: fen(cents), mends, faults: [], empty: false };
  }
  const { text, mends } = bare(cell, habit);
  if (text === '' || NOTHING.test(text)) return nothing(null);
  if (habit.cells === 'text' && PLAIN_AMOUNT.test(text))
    return { value: fen(Math.round(Number(text) * 100)), mends, faults: [], empty: false };
  let plain = text.normalize('NFKC').replace(/\s/g, '');
  if (/[０-９]/.test(text)) mends.push('fullwidth');
  const bracketed = /^\((.+)\)$/.exec(plain);
  if (bracketed) plain = `-${bracketed[1] ?? ''}`;
  const signless = plain.replace(/[¥$]|RMB|CNY/gi, '');
  if (signless !== plain) mends.push('amount_symbol');
  plain = signless;
  const ungrouped = plain.replace(/(?<=\d),(?=\d{3}(?:\D|$))/g, '');
  if (ungrouped !== plain) mends.push('amount_thousands');
  plain = ungrouped;
  const unit = /(万元?|元|圆)(?:整|正)?$/.exec(plain);
  if (unit) {
    mends.push(unit[1]?.startsWith('万') ? 'amount_wan' : 'amount_yuan');
    plain = plain.slice(0, unit.index);
  }
  const number = /^([+-]?)(\d{1,12})(?:\.(\d{1,8}))?$/.exec(plain);
  if (!number) return { value: null, mends, faults: ['amount_unreadable'], empty: false };
  const [, sign = '', whole = '', fraction = ''] = number;
  const shift = unit?.[1]?.startsWith('万') ? 6 : 2;
  const digits = (whole + fraction.padEnd(shift, '0').slice(0, shift)) as string;
  const roundUp = Number(fraction.charAt(shift) || '0') >= 5 ? 1 : 0;
  const amount = (Number(digits) + roundUp) * (sign === '-' ? -1 : 1);
  if (!(Math.abs(amount) <= MOST_FEN)) return { value: null, mends, faults: ['amount_unreadable'], empty: false };
  if (amount < 0) mends.push(bracketed || mends.includes('amount_symbol') ? 'amount_negative_style' : 'amount_negative');
  if (mends.length === 0 && habit.cells !== 'text') mends.push('amount_text');
  // Minus zero would be stored and compared as another value than zero.
  return { value: fen(amount === 0 ? 0 : amount), mends, faults: [], empty: false };
}

/** A whole number that may carry separators and a unit (公里, km, 次). At most `limit`, never negative. */
export function readWhole(cell: Cell, habit: ColumnHabit, limit: number): CellReading<number | null> {
  if (isNumberCell(cell)) {
    const whole = Math.round(cell.number);
    if (whole < 0 || whole > limit) return { value: null, mends: [], faults: ['number_unreadable'], empty: false };
    return { value: whole, mends: habit.cells === 'text' ? ['number_cell'] : [], faults: [], empty: false };
  }
  const { text, mends } = bare(cell, habit);
  if (text === '' || NOTHING.test(text)) return nothing(null);
  if (habit.cells === 'text' && PLAIN_WHOLE.test(text) && Number(text) <= limit)
    return { value: Number(text), mends, faults: [], empty: false };
  let plain = text.normalize('NFKC');
  if (plain !== text) mends.push('fullwidth');
  const without = plain.replace(/(?<=\d),(?=\d{3}(?:\D|$))/g, '').replace(/\s*(?:公里|千米|km|次)$/i, '');
  if (without !== plain) mends.push('km_unit');
  plain = without;
  const number = /^\d{1,9}(?:\.\d+)?$/.test(plain) ? Math.round(Number(plain)) : Number.NaN;
  if (!(number <= limit)) return { value: null, mends, faults: ['number_unreadable'], empty: false };
  if (mends.length === 0 && habit.cells !== 'text') mends.push('amount_text');
  return { value: number, mends, faults: [], empty: false };
}

/** An identifier kept as text; one that lost its leading zeros to a spreadsheet gets them back where the column tells how many digits it has. */
export function readCode(cell: Cell, habit: ColumnHabit): CellReading<string | null> {
  const { text, mends } = bare(cell, habit);
  if (text === '' || NOTHING.test(text)) return nothing(null);
  let code = foldWidth(text).replace(/\s+/g, ' ');
  if (code !== text) mends.push('fullwidth');
  const { codeDigits } = habit;
  const shown = mends.map((mend): Mend => (mend === 'number_cell' ? 'leading_zero_lost' : mend));
  const digits = /^(\d+)((?:-T\d+)?)$/.exec(code);
  if (codeDigits !== null && digits && (digits[1] ?? '').length < codeDigits && (digits[1] ?? '').length >= codeDigits - 2) {
    code = (digits[1] ?? '').padStart(codeDigits, '0') + (digits[2] ?? '');
    if (!shown.includes('leading_zero_lost')) shown.push('leading_zero_lost');
  }
  return { value: code, mends: shown, faults: undecodable(code), empty: false };
}

/** An identity number or organisation's code. A number cell has lost digits for good: fifteen are all it can hold. */
export function readIdCell(cell: Cell, habit: ColumnHabit): CellReading<string | null> {
  if (isNumberCell(cell)) return { value: null, mends: [], faults: ['id_number_cell'], empty: false };
  const { text, mends } = bare(cell, habit);
  if (text === '' || NOTHING.test(text)) return nothing(null);
  const reading = readIdNumber(text);
  if (!reading.ok) {
    return {
      value: null,
      mends,
      faults: [reading.refusal === 'customers.id_length' ? 'id_digit_missing' : 'id_wrong_check'],
      empty: false,
    };
  }
  if (text.endsWith('x')) mends.push('id_lower_x');
  else if (reading.number !== text) mends.push('fullwidth');
  return { value: reading.number, mends, faults: [], empty: false };
}

/** A plate; a word such as 未上牌 means none. */
export function readPlateCell(cell: Cell, habit: ColumnHabit, policy: ImportPolicy): CellReading<string | null> {
  const { text, mends } = bare(cell, habit);
  if (text === '' || /^-+$/.test(text)) return nothing(null);
  const reading = readPlate(text, policy.homeProvince);
  if (!reading.ok) {
    if (reading.refusal === 'vehicles.plate_not_registered')
      return { value: null, mends: [...mends, 'plate_placeholder'], faults: [], empty: true };
    return { value: null, mends, faults: ['plate_unreadable'], empty: false };
  }
  if (reading.provinceAdded) mends.push('plate_no_province');
  if (/[a-z]/.test(text)) mends.push('plate_lower');
  if (/\S\s+\S/.test(text)) mends.push('plate_inner_space');
  if (/[-_.·•・‧∙⋅]/u.test(text)) mends.push('plate_middle_dot');
  if (/[０-９Ａ-Ｚａ-ｚ]/.test(text)) mends.push('fullwidth');
  return { value: reading.plate, mends, faults: [], empty: false };
}

/** A VIN; one of another length than 17 is not usable, one with a wrong check digit is kept in doubt. */
export function readVinCell(cell: Cell, habit: ColumnHabit): CellReading<FieldValues['vin']> {
  const { text, mends } = bare(cell, habit);
  if (text === '' || NOTHING.test(text)) return nothing(null);
  const reading = readVin(text);
  if (!reading.ok)
    return { value: null, mends, faults: [reading.refusal === 'vehicles.vin_length' ? 'vin_16' : 'vin_characters'], empty: false };
  if (/[a-z]/.test(text)) mends.push('vin_lower');
  if (reading.corrected) mends.push('vin_letters');
  if (/\S[\s\-_.]+\S/.test(text)) mends.push('vin_spaces');
  if (/[０-９Ａ-Ｚａ-ｚ]/.test(text)) mends.push('fullwidth');
  return {
    value: { vin: reading.vin, check: reading.check },
    mends,
    faults: reading.check === 'wrong_check_digit' ? ['vin_wrong_check'] : [],
    empty: false,
  };
}

/** A name. A `?` stands for a character that the file could not hold: kept, and said. */
export function readName(cell: Cell, habit: ColumnHabit): CellReading<string | null> {
  const { text, mends } = bare(cell, habit);
  if (text === '' || /^(?:-+|—+|\/|null|n\/a|#n\/a)$/i.test(text)) return nothing(null);
  const name = tidyName(text);
  if (name === '') return nothing(null);
  if (isCompanyName(name) && /[()]/.test(text) && !/[()]/.test(name)) mends.push('company_paren');
  if (/\S\s+\S/.test(text) && !/\s/.test(name)) mends.push('space_inside_name');
  if (/[０-９Ａ-Ｚａ-ｚ]/.test(text)) mends.push('fullwidth');
  if (/[?\ufffd]/.test(name)) return { value: name.replaceAll('\ufffd', '?'), mends, faults: ['name_char_lost'], empty: false };
  return { value: name, mends, faults: [], empty: false };
}

/** A line of text, kept as it is but for edges, full-width letters and signs nobody sees; what could be run or is easily lost on the way is named. */
export function readText(cell: Cell, habit: ColumnHabit): CellReading<string | null> {
  return asText(bare(cell, habit));
}

/** A note, kept with every sign. */
export function readNote(cell: Cell, habit: ColumnHabit): CellReading<string | null> {
  return asText(bare(cell, habit, true));
}

function asText({ text, mends }: Bare): CellReading<string | null> {
  if (text === '' || /^-+$/.test(text)) return nothing(null);
  const folded = foldWidth(text.replace(/\r\n?/g, '\n'));
  if (/[０-９Ａ-Ｚａ-ｚ]/.test(text)) mends.push('fullwidth');
  if (folded.includes('\n')) mends.push('newline_in_cell');
  if (folded.includes(',')) mends.push('comma_in_cell');
  if (EMOJI.test(folded)) mends.push('emoji');
  if (FORMULA_LIKE.test(folded)) mends.push('formula_like');
  return { value: folded, mends, faults: undecodable(folded), empty: false };
}

function undecodable(text: string): Fault[] {
  return text.includes('\ufffd') ? ['undecodable_character'] : [];
}

function readYesNo(cell: Cell, habit: ColumnHabit): CellReading<boolean | null> {
  const { text, mends } = bare(cell, habit);
  if (text === '' || /^-+$/.test(text)) return nothing(null);
  const plain = text.normalize('NFKC').toLowerCase();
  if (/^(?:是|有|已|已试驾|y|yes|true|1|√|✓)$/.test(plain)) return { value: true, mends, faults: [], empty: false };
  if (/^(?:否|无|未|未试驾|没有|n|no|false|0|×|x)$/.test(plain)) return { value: false, mends, faults: [], empty: false };
  return { value: null, mends, faults: ['number_unreadable'], empty: false };
}

/** The reader of each field type. */
export const READERS = {
  name: readName,
  phone: readPhones,
  plate: readPlateCell,
  vin: readVinCell,
  date: readDate,
  amount: readAmount,
  km: (cell, habit) => readWhole(cell, habit, 5_000_000),
  count: (cell, habit) => readWhole(cell, habit, 10_000_000),
  code: readCode,
  id_number: readIdCell,
  text: readText,
  yes_no: readYesNo,
} satisfies { [T in FieldType]: (cell: Cell, habit: ColumnHabit, policy: ImportPolicy) => CellReading<FieldValues[T]> };
