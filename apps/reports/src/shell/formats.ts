import type { Formats } from '@baoke/i18n/lazy';
import { createContext, useContext } from 'react';

export const FormatsContext = createContext<Formats | undefined>(undefined);

/** How the store writes money, rates and dates. */
export function useFormats(): Formats {
  const formats = useContext(FormatsContext);
  if (!formats) throw new Error('useFormats needs the root of the application above it');
  return formats;
}
