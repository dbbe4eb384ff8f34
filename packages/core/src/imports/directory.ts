import { isCompanyName, nameKey } from '../customers/index.ts';
import type { CivilDate, CustomerId, VehicleId } from '../kernel/index.ts';
import { checkVin } from '../vehicles/index.ts';
import type { AnyRow, CustomersRow, LeadsRow, ReadVin, SalesRow, ServiceRow } from './model.ts';

export interface KnownCustomer {
  readonly id: CustomerId;
  readonly name: string;
  readonly primaryPhone: string | null;
  readonly externalId: string | null;
}
export interface KnownVehicle {
  readonly id: VehicleId;
  readonly vin: string | null;
  readonly plate: string | null;
  readonly ownerId: CustomerId | null;
  /** Others who have owned it: work orders of the time name them. */
  readonly formerOwnerIds: readonly CustomerId[];
}

/** Who and what a row is about. `null`: the row names none, or not enough to tell. */
export interface Resolution {
  readonly customerId: CustomerId | null;
  readonly vehicleId: VehicleId | null;
  readonly customerIsNew: boolean;
  readonly vehicleIsNew: boolean;
  /** The person has not owned this vehicle before, as far as is known. */
  readonly ownershipIsNew: boolean;
  /** The person is on file under a name with `?`, and the row has it whole. */
  readonly nameIsWhole: boolean;
  /** The row of the same file that said this before; nothing is new then. */
  readonly duplicateOf: number | null;
}

interface Person {
  readonly id: CustomerId;
  name: string;
  key: string;
  readonly phone: string | null;
}
interface Car {
  readonly id: VehicleId;
  vin: string | null;
  plate: string | null;
  /** Last known owner last. */
  readonly owners: CustomerId[];
}

const NOTHING_NEW = { customerIsNew: false, vehicleIsNew: false, ownershipIsNew: false, nameIsWhole: false } as const;

/**
 * Who is who: an index of the customers and vehicles on file, which answers for one row after the other and learns from each.
 *
 * A person is a name with its primary phone, so that a family may share a phone; a company is its name, whatever the phone; an external id
 * goes before both. A `?` in a name, of the row or on file, stands for a character that a file could not hold: it fits the whole name, which
 * is kept, whichever comes first. A vehicle is its VIN, else its plate, unless both sides have sound VINs that differ. Rows must come in the
 * order of the file, files in the order of `FILE_KINDS`. Source: spec 01 Rules, spec 13 Import, import policy.
 */
export class Directory {
  readonly #newId: () => string;
  readonly #people = new Map<string, Person>();
  readonly #companies = new Map<string, Person>();
  readonly #byExternalId = new Map<string, Person>();
  readonly #byPhone = new Map<string, Person[]>();
  /** Whose name on file has a `?`: people by phone, companies under `COMPANIES`. */
  readonly #lossy = new Map<string, Set<Person>>();
  readonly #byId = new Map<CustomerId, Person>();
  readonly #byVin = new Map<string, Car>();
  readonly #byPlate = new Map<string, Car>();
  readonly #cars = new Map<VehicleId, Car>();
  /** Rows accepted of the file at hand, by what makes them the same. */
  #seen = new Map<string, number>();

  constructor(newId: () => string, customers: Iterable<KnownCustomer>, vehicles: Iterable<KnownVehicle>) {
    this.#newId = newId;
    for (const { id, name, primaryPhone, externalId } of customers)
      this.#remember({ id, name, key: nameKey(name), phone: primaryPhone }, externalId);
    for (const { id, vin, plate, ownerId, formerOwnerIds } of vehicles) {
      const owners = ownerId === null ? [...formerOwnerIds] : [...formerOwnerIds.filter((owner) => owner !== ownerId), ownerId];
      this.#rememberCar({ id, vin, plate, owners });
    }
  }

  /** Duplicates are looked for within one file: the same file again is the same rows, not duplicates of them. */
  beginFile(): void {
    this.#seen = new Map();
  }

  get customerCount(): number {
    return this.#byId.size;
  }

  get vehicleCount(): number {
    return this.#cars.size;
  }

  /** The owners of a vehicle, the present one last. */
  ownersOf(vehicle: VehicleId): readonly CustomerId[] {
    return this.#cars.get(vehicle)?.owners ?? [];
  }

  /** The VIN that the vehicle goes by; of several spellings the one with the right check digit. */
  vinOf(vehicle: VehicleId): string | null {
    return this.#cars.get(vehicle)?.vin ?? null;
  }

  /** Answers for an accepted row; refused rows must not be asked about. */
  apply(row: number, data: AnyRow): Resolution {
    switch (data.kind) {
      case 'customers':
        return this.#customersRow(row, data.values);
      case 'sales':
        return this.#salesRow(row, data.values);
      case 'service':
        return this.#serviceRow(row, data.values);
      case 'leads':
        return this.#leadsRow(row, data.values);
    }
  }

  #customersRow(row: number, values: CustomersRow): Resolution {
    const car = this.#findCar(values.vin, values.plate);
    const person = this.#find(values.name, primary(values), values.externalId, car);
    const earlier =
      person && (car || (values.vin === null && values.plate === null)) ? this.#seen.get(`${person.id}|${car?.id ?? ''}`) : undefined;
    if (person && earlier !== undefined) return { customerId: person.id, vehicleId: car?.id ?? null, ...NOTHING_NEW, duplicateOf: earlier };
    const resolution = this.#settle(person, values.name, primary(values), values.externalId, car, values.vin, values.plate, true);
    this.#seen.set(`${resolution.customerId}|${resolution.vehicleId ?? ''}`, row);
    return resolution;
  }

  #salesRow(row: number, values: SalesRow): Resolution {
    const car = this.#findCar(values.vin, null);
    const person = this.#find(values.name, primary(values), null, car);
    // An unusable VIN leaves no vehicle: the order is then known by customer and date alone.
    const key = (customer: CustomerId, vin: string) => `${customer}|${values.orderedOn}|${vin}`;
    const earlier = person && this.#seen.get(key(person.id, values.vin?.vin ?? ''));
    if (person && earlier !== undefined) return { customerId: person.id, vehicleId: car?.id ?? null, ...NOTHING_NEW, duplicateOf: earlier };
    const resolution = this.#settle(person, values.name, primary(values), null, car, values.vin, null, true);
    if (resolution.customerId) this.#seen.set(key(resolution.customerId, values.vin?.vin ?? ''), row);
    return resolution;
  }

  #serviceRow(row: number, values: ServiceRow): Resolution {
    const car = this.#findCar(values.vin, values.plate);
    const earlier = this.#seen.get(values.orderNo ?? '');
    const person = this.#findOnWorkOrder(values, car);
    if (earlier !== undefined) return { customerId: person?.id ?? null, vehicleId: car?.id ?? null, ...NOTHING_NEW, duplicateOf: earlier };
    this.#seen.set(values.orderNo ?? '', row);
    // Whoever brings a car on file need not own it; whoever brings one that is not on file is taken for its owner.
    return this.#settle(person, values.name, primary(values), null, car, values.vin, values.plate, false);
  }

  #leadsRow(row: number, values: LeadsRow): Resolution {
    const person = this.#find(values.name, primary(values), null, undefined);
    const earlier = person && this.#seen.get(`${person.id}|${values.registeredOn}`);
    if (person && earlier !== undefined) return { customerId: person.id, vehicleId: null, ...NOTHING_NEW, duplicateOf: earlier };
    const resolution = this.#settle(person, values.name, primary(values), null, undefined, null, null, false);
    this.#seen.set(`${resolution.customerId}|${values.registeredOn}`, row);
    return resolution;
  }

  #find(name: string | null, phone: string | null, externalId: string | null, car: Car | undefined): Person | undefined {
    const byExternalId = externalId === null ? undefined : this.#byExternalId.get(externalId);
    if (byExternalId || name === null) return byExternalId;
    const key = nameKey(name);
    const company = isCompanyName(name);
    if (!company && phone === null) return undefined;
    if (isLossy(key)) return fitting(company ? this.#companies.values() : (this.#byPhone.get(phone ?? '') ?? []), key, phone, car);
    const exact = company ? this.#companies.get(key) : this.#people.get(`${key}|${phone}`);
    return exact ?? fitting(this.#lossy.get(company ? COMPANIES : (phone ?? '')) ?? [], key, phone, car);
  }

  /**
   * Work orders name people badly: name or phone may be missing. The vehicle then leads to its owner. Answers undefined when the row names
   * somebody new, or nobody.
   */
  #findOnWorkOrder(values: ServiceRow, car: Car | undefined): Person | undefined {
    const { name } = values;
    const phone = primary(values);
    const owners = (car?.owners ?? []).map((id) => this.#byId.get(id)).filter((owner) => owner !== undefined);
    if (name === null) {
      const called = phone === null ? undefined : (owners.findLast((owner) => owner.phone === phone) ?? this.#byPhone.get(phone)?.[0]);
      return called ?? owners.at(-1);
    }
    const found = this.#find(name, phone, null, car);
    if (found) return found;
    const key = nameKey(name);
    const called = owners.findLast((owner) => fits(key, owner.key) && (phone === null || isCompanyName(owner.name)));
    return called ?? (phone === null && !isLossy(key) ? owners.at(-1) : undefined);
  }

  #findCar(vin: ReadVin | null, plate: string | null): Car | undefined {
    const byVin = vin && this.#byVin.get(vin.vin);
    if (byVin) return byVin;
    const byPlate = plate === null ? undefined : this.#byPlate.get(plate);
    if (!byPlate) return undefined;
    const bothSound = vin !== null && isSound(vin.vin) && byPlate.vin !== null && isSound(byPlate.vin);
    return bothSound ? undefined : byPlate;
  }

  #settle(
    person: Person | undefined,
    name: string | null,
    phone: string | null,
    externalId: string | null,
    car: Car | undefined,
    vin: ReadVin | null,
    plate: string | null,
    ownsIt: boolean,
  ): Resolution {
    const nameable = name !== null && (phone !== null || isCompanyName(name));
    const settled =
      person ?? (nameable ? this.#remember({ id: this.#newId() as CustomerId, name, key: nameKey(name), phone }, externalId) : undefined);
    let vehicle = car;
    if (!vehicle && (vin !== null || plate !== null)) {
      vehicle = this.#rememberCar({ id: this.#newId() as VehicleId, vin: vin?.vin ?? null, plate, owners: [] });
    } else if (vehicle) this.#learn(vehicle, vin, plate);
    const ownershipIsNew =
      settled !== undefined && vehicle !== undefined && !vehicle.owners.includes(settled.id) && (ownsIt || vehicle.owners.length === 0);
    if (settled && vehicle && ownershipIsNew) vehicle.owners.push(settled.id);
    const nameIsWhole = person !== undefined && name !== null && this.#makeWhole(person, name);
    return {
      customerId: settled?.id ?? null,
      vehicleId: vehicle?.id ?? null,
      customerIsNew: settled !== undefined && settled !== person,
      vehicleIsNew: vehicle !== undefined && vehicle !== car,
      ownershipIsNew,
      nameIsWhole,
      duplicateOf: null,
    };
  }

  /** A sound VIN replaces a missing or doubtful one; a plate that the car did not have yet finds it from now on. */
  #learn(car: Car, vin: ReadVin | null, plate: string | null): void {
    if (vin && vin.vin !== car.vin && !this.#byVin.has(vin.vin)) {
      if (car.vin === null || (!isSound(car.vin) && isSound(vin.vin))) car.vin = vin.vin;
      this.#byVin.set(vin.vin, car);
    }
    if (plate !== null && !this.#byPlate.has(plate)) this.#byPlate.set(plate, car);
    if (plate !== null) car.plate ??= plate;
  }

  /** Takes the whole name for one that has lost characters. Answers whether it did. */
  #makeWhole(person: Person, name: string): boolean {
    if (!isLossy(person.key)) return false;
    const key = nameKey(name);
    if (isLossy(key) || !fits(key, person.key)) return false;
    this.#lossy.get(lossyPlace(person))?.delete(person);
    person.name = name;
    person.key = key;
    this.#rememberName(person);
    return true;
  }

  #rememberName(person: Person): void {
    const { name, key, phone } = person;
    if (isCompanyName(name)) {
      if (!this.#companies.has(key)) this.#companies.set(key, person);
    } else if (phone !== null && !this.#people.has(`${key}|${phone}`)) this.#people.set(`${key}|${phone}`, person);
    if (!isLossy(key)) return;
    const place = lossyPlace(person);
    const others = this.#lossy.get(place);
    if (others) others.add(person);
    else this.#lossy.set(place, new Set([person]));
  }

  #remember(person: Person, externalId: string | null): Person {
    this.#byId.set(person.id, person);
    if (externalId !== null) this.#byExternalId.set(externalId, person);
    this.#rememberName(person);
    if (person.phone !== null) {
      const sharing = this.#byPhone.get(person.phone);
      if (sharing) sharing.push(person);
      else this.#byPhone.set(person.phone, [person]);
    }
    return person;
  }

  #rememberCar(car: Car): Car {
    this.#cars.set(car.id, car);
    if (car.vin !== null) this.#byVin.set(car.vin, car);
    // The plate leads to the car that carried it last.
    if (car.plate !== null) this.#byPlate.set(car.plate, car);
    return car;
  }
}

function primary(values: { readonly phone: CustomersRow['phone'] }): string | null {
  return values.phone[0]?.e164 ?? null;
}

/** Whether a VIN can be relied on: its check digit is right, or its origin has none. */
function isSound(vin: string): boolean {
  return checkVin(vin) !== 'wrong_check_digit';
}

/** Whether a name, as its key, has a `?` for a character that a file could not hold. */
function isLossy(key: string): boolean {
  return key.includes('?');
}

/** Where companies with lost characters are kept. */
const COMPANIES = 'companies';

/** Where a person with lost characters is kept; without a phone nobody is found there. */
function lossyPlace({ name, phone }: Person): string {
  return isCompanyName(name) ? COMPANIES : (phone ?? '');
}

/** Of those on file who go by a name of which either side has lost characters: the one with the phone, then the owner of the car. */
function fitting(known: Iterable<Person>, key: string, phone: string | null, car: Car | undefined): Person | undefined {
  const nearness = (person: Person) => (person.phone === phone ? 2 : 0) + (car?.owners.includes(person.id) ? 1 : 0);
  let nearest: Person | undefined;
  for (const person of known)
    if (fits(key, person.key) && (nearest === undefined || nearness(person) > nearness(nearest))) nearest = person;
  return nearest;
}

/** Whether two keys are of one name: alike, or one of them with `?` for characters that the other has. */
function fits(one: string, other: string): boolean {
  if (one === other) return true;
  return (isLossy(one) && standsFor(one, other)) || (isLossy(other) && standsFor(other, one));
}

/** Only a character beyond GBK is lost so: 李? is 李𫖯, never 李明, who may share the phone. */
function standsFor(lossy: string, key: string): boolean {
  const [signs, whole] = [[...lossy], [...key]];
  return signs.length === whole.length && signs.every((sign, at) => sign === whole[at] || (sign === '?' && !OF_GBK.test(whole[at] ?? '')));
}

/** What GBK holds of what names are written with: ASCII, the middle dot, and the ideographs that Unicode began with. */
const OF_GBK = /^[ -~\u00b7\u4e00-\u9fa5]?$/;

/** The later of two dates that may be missing. */
export function laterOf(a: CivilDate | null, b: CivilDate | null): CivilDate | null {
  if (a === null) return b;
  return b === null || a > b ? a : b;
}
