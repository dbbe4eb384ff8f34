/**
 * Mainland number plates (GA 36): province sign, letter of the office, five characters; six for new-energy cars.
 * Special kinds end in a sign of their own (学 挂 警 港 澳 使 领 应 急) or begin with WJ, 使 or a letter of the forces.
 */
export type PlateKind = 'standard' | 'new_energy' | 'special';

export type PlateReading =
  | { readonly ok: true; readonly plate: string; readonly kind: PlateKind; readonly provinceAdded: boolean }
  | { readonly ok: false; readonly refusal: 'vehicles.plate_format' }
  | { readonly ok: false; readonly refusal: 'vehicles.plate_not_registered' };

export const PROVINCE_SIGNS = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';

const STANDARD = new RegExp(`^[${PROVINCE_SIGNS}][A-Z][A-HJ-NP-Z0-9]{5}$`);
const NEW_ENERGY = new RegExp(`^[${PROVINCE_SIGNS}][A-Z](?:[A-HJ-NP-Z][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJ-NP-Z])$`);
const SPECIAL = new RegExp(
  `^(?:[${PROVINCE_SIGNS}][A-Z][A-HJ-NP-Z0-9]{4}[学挂警港澳使领]|[${PROVINCE_SIGNS}][A-Z][A-HJ-NP-Z0-9]{3}应急|WJ[${PROVINCE_SIGNS}]?[A-Z0-9]{5}|使[0-9]{6})$`,
);
/** Words that stand where a plate would: the car has none yet. */
const WITHOUT_PLATE = /^(?:未上牌|未挂牌|未上户|无牌|无牌照|无车牌|暂无|暂未上牌|没有|无|新车|临牌|临时牌照|待上牌|NONE|N\/?A)$/;

/**
 * Reads a plate as people write it: separators and spaces go, letters become upper case, a missing province is the store's.
 *
 * `plate_not_registered` answers words such as 未上牌, `plate_format` anything that is no mainland plate.
 * Source: spec 01 Vehicle; import policy on plates.
 */
export function readPlate(text: string, homeProvince: string): PlateReading {
  const compact = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-_.·•・‧∙⋅]/gu, '');
  if (compact === '' || WITHOUT_PLATE.test(compact)) return { ok: false, refusal: 'vehicles.plate_not_registered' };
  const kind = plateKind(compact);
  if (kind) return { ok: true, plate: compact, kind, provinceAdded: false };
  const completed = `${homeProvince}${compact}`;
  const completedKind = /^[A-Z]/.test(compact) ? plateKind(completed) : undefined;
  if (completedKind) return { ok: true, plate: completed, kind: completedKind, provinceAdded: true };
  return { ok: false, refusal: 'vehicles.plate_format' };
}

/** The kind of a plate in its stored form; undefined when it is none. */
export function plateKind(plate: string): PlateKind | undefined {
  if (NEW_ENERGY.test(plate)) return 'new_energy';
  if (STANDARD.test(plate)) return 'standard';
  if (SPECIAL.test(plate)) return 'special';
  return undefined;
}
