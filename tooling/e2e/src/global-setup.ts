import type { TestProject } from 'vitest/node';
import { startProduct, type Product } from './product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    demo: Pick<Product, 'url' | 'printed' | 'directory'>;
  }
}

/**
 * One product with the demo store for all journeys: loading it costs more than most of them. They follow one another, and each works on
 * what it made itself or leaves the store as it found it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, printed, directory, stop } = await startProduct();
  project.provide('demo', { url, printed, directory });
  return stop;
}
