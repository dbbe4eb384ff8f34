import { isCompanyName, namePinyin, readIdNumber, type Phone } from '../customers/index.ts';
import type { CivilDate, CustomerId, StaffId, VehicleId } from '../kernel/index.ts';
import type { Directory, Resolution } from './directory.ts';
import type { Columns, ColumnValue } from './merge.ts';
import {
  LEAD_FIELDS,
  type AnyRow,
  type CustomersRow,
  type FileKind,
  type LeadsRow,
  type ReadVin,
  type SalesRow,
  type ServiceRow,
} from './model.ts';

/**
 * What a file says about one record, all its rows folded: a later row speaks louder, an empty cell says nothing.
 *
 * Plain objects, and rows kept only where they differ from the first: a file makes as many drafts as it has rows.
 */
export interface Draft {
  readonly id: string;
  isNew: boolean;
  /** The first row that speaks of it. */
  readonly row: number;
  /** Columns, and facts without a column that are only remembered; null says nothing. */
  readonly columns: Record<string, ColumnValue>;
  /** Columns that only grow. */
  readonly maxima: Record<string, ColumnValue>;
  /** Columns that follow from other records, once those are settled; whatever was said of them. */
  readonly follows?: Columns;
  /** The row that said it, of columns and maxima that a later row said. */
  laterRows: Record<string, number> | null;
}

/** A record that is found by what it says, not by an id: its id is settled once the stored ones are known. */
export interface KeyedDraft extends Draft {
  readonly key: string;
}

/** A visit of the file. */
export interface VisitDraft extends KeyedDraft {
  /** It refers to a customer or vehicle that the file makes, so it waits for the end of the file. */
  readonly waits: boolean;
}

/** The row of the file that a column of a draft comes from. */
export function rowOf(draft: Draft, column: string): number {
  return draft.laterRows?.[column] ?? draft.row;
}

export interface PlannedOwnership {
  readonly vehicleId: VehicleId;
  readonly customerId: CustomerId;
  readonly fromOn: CivilDate | null;
  /** The last day on which the file shows this owner with the car: of several owners the latest is the present one. */
  readonly seenOn: CivilDate | null;
  /** He has not owned it before, as far as is known. */
  readonly isNew: boolean;
  readonly row: number;
}
export interface PlannedReading {
  readonly vehicleId: VehicleId;
  readonly readOn: CivilDate;
  readonly mileageKm: number;
  readonly source: 'visit' | 'import';
  readonly row: number;
}
export interface PlannedPolicy {
  readonly vehicleId: VehicleId;
  readonly kind: 'commercial' | 'compulsory';
  readonly insurer: string | null;
  readonly expiresOn: CivilDate;
  readonly row: number;
}
export interface PlannedIdNumber {
  readonly number: string;
  readonly document: 'id_card' | 'organisation_code';
  readonly row: number;
}

/** Everything a file will make or change, before it is compared with what is stored. */
export interface FilePlan {
  readonly kind: FileKind;
  readonly customers: ReadonlyMap<string, Draft>;
  readonly vehicles: ReadonlyMap<string, Draft>;
  readonly orders: ReadonlyMap<string, KeyedDraft>;
  readonly leads: ReadonlyMap<string, KeyedDraft>;
  readonly phones: ReadonlyMap<string, ReadonlyMap<string, { readonly phone: Phone; readonly row: number }>>;
  readonly ownerships: readonly PlannedOwnership[];
  /** Readings of vehicles that the file makes, and others not taken yet. */
  readonly readings: readonly PlannedReading[];
  readonly policies: readonly PlannedPolicy[];
  readonly idNumbers: ReadonlyMap<string, PlannedIdNumber>;
  /** The company whose cars get their pre-delivery inspection: the store itself. */
  readonly storeItself: CustomerId | null;
  /** Rows that made a customer or a vehicle. Ownerships, visits, orders and leads are told once the stored ones are known. */
  readonly creatingRows: ReadonlySet<number>;
}

export interface PlanContext {
  readonly kind: FileKind;
  readonly today: CivilDate;
  readonly newId: () => string;
  /** The staff member of that name; one who is only named in files is made up with the role, or null where nothing may be made. */
  readonly staff: (name: string, role: 'SA' | 'SC') => StaffId | null;
  /** The code of a category of visits as the file words it; null for one that is not there and may not be made. */
  readonly category: (words: string) => string | null;
}

/** Pre-delivery inspections belong to the store itself. */
const PDI_CATEGORY = 'pdi';

/** Folds the accepted rows of one file into the records they speak of. Rows must be offered in their order, after the directory has answered. */
export class FilePlanner {
  readonly #context: PlanContext;
  readonly #directory: Directory;
  readonly #customers = new Map<string, Draft>();
  readonly #vehicles = new Map<string, Draft>();
  #visits: VisitDraft[] = [];
  readonly #orders = new Map<string, KeyedDraft>();
  readonly #leads = new Map<string, KeyedDraft>();
  readonly #phones = new Map<string, Map<string, { phone: Phone; row: number }>>();
  readonly #ownerships: PlannedOwnership[] = [];
  #readings: PlannedReading[] = [];
  readonly #waitingReadings: PlannedReading[] = [];
  readonly #policies: PlannedPolicy[] = [];
  readonly #idNumbers = new Map<string, PlannedIdNumber>();
  readonly #inspected = new Map<CustomerId, number>();
  readonly #creating = new Set<number>();

  constructor(context: PlanContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
    directory.beginFile();
  }

  /** Takes an accepted row; answers the earlier row it repeats, or null when it was taken. */
  add(row: number, data: AnyRow): number | null {
    const resolution = this.#directory.apply(row, data);
    if (resolution.duplicateOf !== null) return resolution.duplicateOf;
    if (resolution.customerIsNew || resolution.vehicleIsNew) this.#creating.add(row);
    switch (data.kind) {
      case 'customers':
        this.#addCustomer(row, data.values, resolution);
        break;
      case 'sales':
        this.#addSale(row, data.values, resolution);
        break;
      case 'service':
        this.#addVisit(row, data.values, resolution);
        break;
      case 'leads':
        this.#addLead(row, data.values, resolution);
        break;
    }
    return null;
  }

  /** Visits planned and not taken yet. Each is a row of its own, so they need not wait for the end of the file. */
  get waitingVisits(): number {
    return this.#visits.length;
  }

  /** The visits since the last time, and the readings of vehicles that are on file. */
  takeVisits(): { readonly visits: readonly VisitDraft[]; readonly readings: readonly PlannedReading[] } {
    const taken = { visits: this.#visits, readings: this.#readings };
    this.#visits = [];
    this.#readings = [];
    return taken;
  }

  /** Everything but the visits. */
  finish(): FilePlan {
    const [mostInspected] = [...this.#inspected].sort((a, b) => b[1] - a[1]);
    return {
      kind: this.#context.kind,
      customers: this.#customers,
      vehicles: this.#vehicles,
      orders: this.#orders,
      leads: this.#leads,
      phones: this.#phones,
      ownerships: this.#ownerships,
      readings: [...this.#waitingReadings, ...this.#readings],
      policies: this.#policies,
      idNumbers: this.#idNumbers,
      storeItself: mostInspected && mostInspected[1] >= 3 ? mostInspected[0] : null,
      creatingRows: this.#creating,
    };
  }

  #addCustomer(row: number, values: CustomersRow, resolution: Resolution): void {
    const customer = this.#customer(row, values.name, values.phone, resolution);
    say(customer, row, {
      address: values.address,
      advisor_id: values.advisor && this.#context.staff(values.advisor, 'SA'),
      remark: values.remark,
      external_id: values.externalId,
      licence_issued_on: values.licenceIssuedOn,
    });
    const vehicle = this.#vehicle(row, values.vin, values.plate, resolution);
    if (!vehicle || !resolution.vehicleId) return;
    say(vehicle, row, {
      ...modelOf(values.model),
      engine_no: values.engineNo,
      colour: values.colour,
      inspection_due_on: values.inspectionDueOn,
      next_service_on: values.nextServiceOn,
      next_service_km: values.nextServiceKm,
      last_service_on: values.lastServiceOn,
      last_left_on: values.lastLeftOn,
      dms_visit_count: values.visitCount,
      dms_spent_fen: values.spentFen,
    });
    // The day stands in the row of both: the customer was here with his car.
    const seen = { last_visit_on: values.lastArrivedOn, last_visit_told: values.lastArrivedOn };
    grow(customer, row, seen);
    grow(vehicle, row, seen);
    this.#own(row, resolution, null, values.lastArrivedOn);
    this.#insure(row, resolution.vehicleId, 'commercial', null, values.commercialInsuranceDueOn);
    this.#insure(row, resolution.vehicleId, 'compulsory', null, values.compulsoryInsuranceDueOn);
    this.#measure(row, vehicle, resolution.vehicleId, values.lastMileageKm, values.lastArrivedOn, 'import');
  }

  #addSale(row: number, values: SalesRow, resolution: Resolution): void {
    const customer = this.#customer(row, values.name, values.phone, resolution);
    const seller = values.seller && this.#context.staff(values.seller, 'SC');
    say(customer, row, { source: values.source, consultant_id: seller });
    this.#identify(row, customer, values.idNumber);
    const vehicle = this.#vehicle(row, values.vin, null, resolution);
    if (vehicle && resolution.vehicleId) {
      say(vehicle, row, { ...modelOf(values.model), colour: values.colour });
      if (values.deliveredOn !== null)
        say(vehicle, row, { delivered_on: values.deliveredOn, purchased_on: values.deliveredOn, sold_by_us: true });
      this.#own(row, resolution, values.deliveredOn, values.deliveredOn);
      this.#insure(row, resolution.vehicleId, 'commercial', values.insurer, values.insuranceDueOn);
    }
    const order = this.#keyed(this.#orders, `${resolution.customerId}|${values.orderedOn}|${resolution.vehicleId ?? ''}`, row);
    say(order, row, {
      customer_id: resolution.customerId,
      vehicle_id: resolution.vehicleId,
      ordered_on: values.orderedOn,
      delivered_on: values.deliveredOn,
      delivered_at: values.deliveredAt,
      model: values.model,
      colour: values.colour,
      price_fen: values.priceFen,
      payment: values.payment,
      consultant_id: seller,
      source: values.source,
      // Open orders have neither date nor car: one with a car has been delivered, on a day the file does not tell.
      state: values.deliveredOn === null && values.vin === null ? 'open' : 'delivered',
      remark: values.remark,
    });
  }

  #addVisit(row: number, values: ServiceRow, resolution: Resolution): void {
    const { arrivedOn, category, orderNo } = values;
    if (orderNo === null || arrivedOn === null || category === null) throw new Error(`row ${row} was accepted without a required field`);
    const customer = resolution.customerId === null ? null : this.#customer(row, values.name, values.phone, resolution);
    const vehicle = this.#vehicle(row, values.vin, values.plate, resolution);
    const isRefund = (values.receivedFen ?? 0) < 0;
    const code = this.#context.category(category);
    if (customer && !isRefund) grow(customer, row, { last_visit_on: arrivedOn });
    if (customer && code === PDI_CATEGORY && values.name !== null && isCompanyName(values.name)) {
      const id = customer.id as CustomerId;
      this.#inspected.set(id, (this.#inspected.get(id) ?? 0) + 1);
    }
    if (vehicle && resolution.vehicleId) {
      if (!isRefund) grow(vehicle, row, { last_visit_on: arrivedOn });
      this.#measure(row, vehicle, resolution.vehicleId, values.mileageKm, arrivedOn, 'visit');
      if (resolution.ownershipIsNew) this.#own(row, resolution, null, arrivedOn);
    }
    const columns: Record<string, ColumnValue> = {
      order_no: orderNo,
      vehicle_id: resolution.vehicleId,
      customer_id: resolution.customerId,
      category: code,
      state: values.receivedFen === null && values.settledOn === null ? 'open' : 'settled',
      is_refund: isRefund,
      arrived_on: arrivedOn,
      left_on: values.leftOn,
      settled_on: values.settledOn,
      mileage_km: values.mileageKm,
      advisor_id: values.advisor && this.#context.staff(values.advisor, 'SA'),
      team: values.team,
      labour_fen: values.labourFen,
      parts_fen: values.partsFen,
      discount_fen: values.discountFen,
      received_fen: values.receivedFen,
    };
    // The directory has refused a number that the file has used before.
    const waits = customer?.isNew === true || vehicle?.isNew === true;
    this.#visits.push({ id: this.#context.newId(), key: orderNo, row, isNew: true, columns, maxima: NO_MAXIMA, laterRows: null, waits });
  }

  #addLead(row: number, values: LeadsRow, resolution: Resolution): void {
    const customer = this.#customer(row, values.name, values.phone, resolution);
    const company = values.name !== null && isCompanyName(values.name);
    say(customer, row, {
      gender: company ? null : genderOf(values.gender),
      province: values.province,
      city: values.city,
      source: values.source,
    });
    const registeredOn = values.registeredOn ?? values.lastFollowedOn ?? this.#context.today;
    const lead = this.#keyed(this.#leads, `${resolution.customerId}|${registeredOn}`, row);
    say(lead, row, {
      customer_id: resolution.customerId,
      registered_on: registeredOn,
      source: values.source,
      level: levelOf(values.level),
      level_words: values.level,
      model: values.model,
      expected_purchase: values.purchaseHorizon,
      consultant_id: values.seller && this.#context.staff(values.seller, 'SC'),
      last_follow_up_on: values.lastFollowedOn,
      follow_up: values.followUp,
      test_driven: values.testDriven,
      complete: LEAD_FIELDS.every((field) => values[field] !== null),
    });
  }

  #customer(row: number, name: string | null, phones: readonly Phone[], resolution: Resolution): Draft {
    const id = resolution.customerId;
    if (id === null) throw new Error(`row ${row} was accepted without a customer`);
    const draft = draftOf(this.#customers, id, row);
    if (resolution.customerIsNew) draft.isNew = true;
    if ((resolution.customerIsNew || resolution.nameIsWhole) && name !== null) {
      const company = isCompanyName(name);
      const { full } = namePinyin(name);
      say(draft, row, { name, kind: company ? 'company' : 'person', name_pinyin: full || name.toLowerCase() });
    }
    let numbers = this.#phones.get(id);
    if (!numbers) this.#phones.set(id, (numbers = new Map()));
    for (const phone of phones) if (!numbers.has(phone.e164)) numbers.set(phone.e164, { phone, row });
    return draft;
  }

  #vehicle(row: number, vin: ReadVin | null, plate: string | null, resolution: Resolution): Draft | undefined {
    const id = resolution.vehicleId;
    if (id === null) return undefined;
    const draft = draftOf(this.#vehicles, id, row);
    if (resolution.vehicleIsNew) draft.isNew = true;
    // A number in doubt gives way to a sound one, never the other way round: the directory keeps the better of the two.
    if (vin && this.#directory.vinOf(id) === vin.vin) say(draft, row, { vin: vin.vin, vin_check: VIN_CHECK[vin.check] });
    say(draft, row, { plate });
    return draft;
  }

  #keyed(drafts: Map<string, KeyedDraft>, key: string, row: number): KeyedDraft {
    const known = drafts.get(key);
    if (known) return known;
    const draft: KeyedDraft = { id: this.#context.newId(), key, row, isNew: true, columns: {}, maxima: NO_MAXIMA, laterRows: null };
    drafts.set(key, draft);
    return draft;
  }

  #own(
    row: number,
    { vehicleId, customerId, ownershipIsNew: isNew }: Resolution,
    fromOn: CivilDate | null,
    seenOn: CivilDate | null,
  ): void {
    if (vehicleId && customerId) this.#ownerships.push({ vehicleId, customerId, fromOn, seenOn, isNew, row });
  }

  #insure(row: number, vehicleId: VehicleId, kind: PlannedPolicy['kind'], insurer: string | null, expiresOn: CivilDate | null): void {
    if (expiresOn) this.#policies.push({ vehicleId, kind, insurer, expiresOn, row });
  }

  #measure(
    row: number,
    vehicle: Draft,
    vehicleId: VehicleId,
    km: number | null,
    on: CivilDate | null,
    source: PlannedReading['source'],
  ): void {
    if (km === null || on === null) return;
    (vehicle.isNew ? this.#waitingReadings : this.#readings).push({ vehicleId, readOn: on, mileageKm: km, source, row });
    const known = vehicle.maxima['last_mileage_on'] ?? null;
    if (known !== null && known > on) return;
    vehicle.maxima['last_mileage_on'] = on;
    vehicle.maxima['last_mileage_km'] = km;
    remember(vehicle, row, 'last_mileage_on');
    remember(vehicle, row, 'last_mileage_km');
  }

  #identify(row: number, customer: Draft, number: string | null): void {
    if (number === null) return;
    const reading = readIdNumber(number);
    if (!reading.ok) return;
    this.#idNumbers.set(customer.id, { number: reading.number, document: reading.kind, row });
    if (reading.kind === 'id_card') say(customer, row, { gender: reading.gender, birth_date: reading.bornOn, birth_calendar: 'solar' });
  }
}

const VIN_CHECK = { valid: 'valid', no_check_digit: 'none', wrong_check_digit: 'wrong' } as const;

/** Visits, orders and leads have nothing that only grows. */
const NO_MAXIMA: Record<string, ColumnValue> = Object.freeze({});

function draftOf(drafts: Map<string, Draft>, id: string, row: number): Draft {
  let draft = drafts.get(id);
  if (!draft) {
    draft = { id, isNew: false, row, columns: {}, maxima: {}, laterRows: null };
    drafts.set(id, draft);
  }
  return draft;
}

function say(draft: Draft, row: number, columns: Readonly<Record<string, ColumnValue>>): void {
  for (const column in columns) {
    const value = columns[column] ?? null;
    if (value === null) continue;
    draft.columns[column] = value;
    remember(draft, row, column);
  }
}

function grow(draft: Draft, row: number, columns: Readonly<Record<string, ColumnValue>>): void {
  for (const column in columns) {
    const value = columns[column] ?? null;
    const known = draft.maxima[column] ?? null;
    if (value === null || (known !== null && value <= known)) continue;
    draft.maxima[column] = value;
    remember(draft, row, column);
  }
}

function remember(draft: Draft, row: number, column: string): void {
  if (row !== draft.row) (draft.laterRows ??= {})[column] = row;
}

/** 别克 昂科威 28T: the word before the first blank is the brand. */
function modelOf(model: string | null): Record<string, ColumnValue> {
  const [brand, ...rest] = (model ?? '').split(' ');
  return { model, brand: rest.length > 0 ? (brand ?? null) : null };
}

function genderOf(words: string | null): ColumnValue {
  if (words === null) return null;
  if (/^(?:男|先生|male|m|mr\.?)$/i.test(words)) return 'male';
  return /^(?:女|女士|小姐|female|f|mrs\.?|ms\.?)$/i.test(words) ? 'female' : null;
}

function levelOf(words: string | null): ColumnValue {
  const level = words?.trim().charAt(0).toUpperCase() ?? '';
  return 'OHABCWDF'.includes(level) && level !== '' ? level : null;
}
