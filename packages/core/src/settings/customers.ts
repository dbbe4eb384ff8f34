import type { CustomerField, CustomerPolicy } from '../customers/index.ts';
import type { SettingFault } from './faults.ts';

/** What may count for the completeness of a file, as it stands on the card. */
export const PERSON_WEIGHTS = [
  'phones',
  'name',
  'gender',
  'birthDate',
  'idNumber',
  'address',
  'wechatId',
  'email',
  'occupation',
  'preferredContactTime',
  'source',
  'consultantId',
  'advisorId',
] as const satisfies readonly (CustomerField | 'idNumber')[];
export const COMPANY_WEIGHTS = [
  'phones',
  'name',
  'idNumber',
  'contactPersons',
  'address',
  'email',
  'preferredContactTime',
  'source',
  'consultantId',
  'advisorId',
] as const satisfies readonly (CustomerField | 'idNumber' | 'contactPersons')[];

/**
 * What is wrong with the numbers of the customer file as a whole: an owner is at risk before he is lost, and something counts for the
 * completeness of each kind of file.
 *
 * Source: document 002, lost-customer lists; CUST-21.
 */
export function faultsOfCustomerPolicy({ atRiskMonths, lostMonths, personWeights, companyWeights }: CustomerPolicy): SettingFault[] {
  const faults: SettingFault[] = [];
  if (lostMonths <= atRiskMonths) faults.push({ path: ['lostMonths'], code: 'settings.lost_before_at_risk' });
  for (const [name, weights] of [
    ['personWeights', personWeights],
    ['companyWeights', companyWeights],
  ] as const)
    if (!Object.values(weights).some((weight) => weight > 0)) faults.push({ path: [name], code: 'settings.nothing_weighs' });
  return faults;
}
