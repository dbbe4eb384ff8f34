/** Hides an e-mail address but for its first sign and where it goes: `l***@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}

/** Hides an account name but for its first two signs. */
export function maskWechat(id: string): string {
  return `${id.slice(0, 2)}****`;
}

/** Hides street and number; province, city and district are told of their own. */
export function maskAddress(address: string): string {
  return `${[...address].slice(0, 2).join('')}****`;
}

/** Hides a name but for its first sign. */
export function maskName(name: string): string {
  return `${[...name].slice(0, 1).join('')}**`;
}
