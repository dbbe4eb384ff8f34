/**
 * A category a visit counts under, once. `effective` visits bring the workshop's work (SERV-05); after a `maintenance` the next one is counted
 * from it (CARE-27). The store may change both flags.
 */
export type ServiceCategory = {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly effective: boolean;
  readonly maintenance: boolean;
};

/**
 * The shipped categories, in the order of the weekly report: eight effective, then eight ineffective.
 *
 * Source: document 000, weekly service report; requirements W-02.
 */
export const SERVICE_CATEGORIES: readonly ServiceCategory[] = [
  { code: 'second_maintenance', zh: '二保', en: 'Second maintenance', effective: true, maintenance: true },
  { code: 'body_paint', zh: '钣金喷漆', en: 'Body and paint', effective: true, maintenance: false },
  { code: 'regular_maintenance', zh: '定期保养', en: 'Regular maintenance', effective: true, maintenance: true },
  { code: 'accident', zh: '事故', en: 'Accident', effective: true, maintenance: false },
  { code: 'minor_repair', zh: '小修', en: 'Minor repair', effective: true, maintenance: false },
  { code: 'first_maintenance', zh: '首保', en: 'First maintenance', effective: true, maintenance: true },
  { code: 'overhaul', zh: '大修', en: 'Overhaul', effective: true, maintenance: false },
  { code: 'warranty', zh: '索赔', en: 'Warranty claim', effective: true, maintenance: false },
  { code: 'annual_inspection', zh: '年审', en: 'Annual inspection', effective: false, maintenance: false },
  { code: 'accessories', zh: '装潢', en: 'Accessories', effective: false, maintenance: false },
  { code: 'internal_repair', zh: '内部维修', en: 'Internal repair', effective: false, maintenance: false },
  { code: 'parts_pickup', zh: '领料', en: 'Parts pick-up', effective: false, maintenance: false },
  { code: 'pdi', zh: 'PDI', en: 'PDI', effective: false, maintenance: false },
  { code: 'rework', zh: '返修', en: 'Rework', effective: false, maintenance: false },
  { code: 'free_check', zh: '免费检查', en: 'Free check', effective: false, maintenance: false },
  { code: 'roadside_rescue', zh: '抢修', en: 'Roadside rescue', effective: false, maintenance: false },
];

/** A category that a file names and the store does not have yet; what it calls 保养 is a maintenance until the store says otherwise. */
export function namedCategory(words: string): ServiceCategory {
  return { code: words, zh: words, en: words, effective: true, maintenance: words.includes('保养') };
}
