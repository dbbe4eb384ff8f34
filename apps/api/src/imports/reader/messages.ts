import type { ReaderRefusal, SheetRow } from '@baoke/core/imports';
import type { Delimiter } from './csv.ts';
import type { TextEncoding } from './decode.ts';
import type { ReaderLimits } from './limits.ts';

/** How the file is written. */
export type FileFormat =
  | { readonly format: 'xlsx' }
  | { readonly format: 'csv'; readonly encoding: TextEncoding; readonly delimiter: Delimiter };

/** The file to read: on disk, or what comes in by the standard input. The ending of its name says what it should be. */
export type ToReader =
  | { readonly type: 'read'; readonly name: string; readonly path: string | null; readonly limits: ReaderLimits }
  | { readonly type: 'next' };

export type FromReader =
  | ({ readonly type: 'format' } & FileFormat)
  | { readonly type: 'rows'; readonly rows: SheetRow[] }
  | { readonly type: 'end'; readonly rows: number }
  | { readonly type: 'refused'; readonly refusal: ReaderRefusal; readonly row?: number | undefined; readonly detail?: string };
