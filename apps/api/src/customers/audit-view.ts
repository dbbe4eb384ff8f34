import {
  FIELD_CLASSES,
  maskAddress,
  maskEmail,
  maskPhone,
  maskWechat,
  type CustomerField,
  type CustomerFields,
} from '@baoke/core/customers';

// The audit log is read by people who may not see a customer's contact data, so the log keeps it masked (13, field classes).
const MASKS: Partial<Record<CustomerField, (value: never) => unknown>> = {
  phones: (value: readonly string[]) => value.map(maskPhone),
  email: maskEmail,
  wechatId: maskWechat,
  address: maskAddress,
  postcode: () => '******',
  birthDate: (value: string) => `****${value.slice(4)}`,
};

/** The fields of a file as the audit log keeps them. */
export function auditable(fields: Partial<CustomerFields>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const field = name as CustomerField;
      const mask = FIELD_CLASSES[field] === 'plain' ? undefined : MASKS[field];
      return [name, mask && value !== null ? mask(value as never) : value];
    }),
  );
}

/** Before and after of the changed fields. Two values that look alike once masked are told apart by a mark. */
export function auditableChange(
  before: CustomerFields,
  after: CustomerFields,
  changed: readonly CustomerField[],
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const pick = (fields: CustomerFields) => auditable(Object.fromEntries(changed.map((field) => [field, fields[field]])));
  const old = pick(before);
  const fresh = pick(after);
  for (const field of changed)
    if (JSON.stringify(old[field]) === JSON.stringify(fresh[field])) fresh[field] = { masked: fresh[field], changed: true };
  return { before: old, after: fresh };
}
