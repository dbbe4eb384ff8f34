/**
 * Shows a phone number as its first three and last four digits, `138****8000`; shorter numbers keep their last two.
 * Takes E.164 or national digits.
 */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/^\+86/, '').replace(/\D/g, '');
  return digits.length >= 10
    ? `${digits.slice(0, 3)}****${digits.slice(-4)}`
    : `${'*'.repeat(Math.max(0, digits.length - 2))}${digits.slice(-2)}`;
}

/** Shows only the last four characters of an identity number. */
export function maskIdNumber(tail: string): string {
  return `**************${tail.slice(-4)}`;
}
