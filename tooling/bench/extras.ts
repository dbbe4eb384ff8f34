import type { PROCESS } from './targets.ts';

export type Extras = {
  readonly measured: readonly { readonly what: string; readonly value: number; readonly unit: string; readonly goal: keyof typeof PROCESS }[];
  readonly notes: readonly string[];
};

export async function measureExtras(_root: string, _say: (line: string) => void): Promise<Extras> {
  return { measured: [], notes: [] };
}
