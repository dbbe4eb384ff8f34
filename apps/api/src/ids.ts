import type { Branded } from '@baoke/core/kernel';
import { v7 } from 'uuid';

/** A new id; ids made later sort later, so tables grow at one end. */
export function newId<T extends Branded<string, string>>(): T {
  return v7() as T;
}
