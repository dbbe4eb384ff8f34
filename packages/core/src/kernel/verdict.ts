/**
 * The answer of a rule: the new fact, or the reason why not.
 *
 * A refusal is expected and is a value; a broken assumption throws. Core never knows which transport carries either.
 */
export type Verdict<T, R extends string> = Accepted<T> | Refused<R>;
export type Accepted<T> = { readonly ok: true; readonly value: T };
export type Refused<R extends string> = { readonly ok: false; readonly refusal: R };

export function accept<T>(value: T): Accepted<T> {
  return { ok: true, value };
}

export function refuse<const R extends string>(refusal: R): Refused<R> {
  return { ok: false, refusal };
}
