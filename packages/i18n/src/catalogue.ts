import type * as zh from './zh/index.ts';

type Words = typeof zh;
type CapabilityOf<K> = K extends `${infer Capability}Refusals` ? Capability : never;

/** Every text by its key: sections as they are exported, refusals gathered under `refusals.<capability>`. */
export type Catalogue = { [K in keyof Words as K extends `${string}Refusals` ? never : K]: Words[K] } & {
  refusals: { [K in keyof Words as CapabilityOf<K>]: Words[K] };
};

/** Puts the exports of a language's files in their places in the catalogue. */
export function catalogueOf(words: object): Catalogue {
  const sections: Record<string, unknown> = {};
  const refusals: Record<string, unknown> = {};
  for (const [name, section] of Object.entries(words)) {
    if (name.endsWith('Refusals')) refusals[name.slice(0, -'Refusals'.length)] = section;
    else sections[name] = section;
  }
  // Chinese gives the shape; the test compares the other languages with it key by key.
  return { ...sections, refusals } as Catalogue;
}
