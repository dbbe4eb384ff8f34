import type { ImportId } from '@baoke/core/kernel';
import { chosenStore } from '../../shell/store-choice.ts';

/** The server took the files and refused them, by its code. */
export class UploadRefused extends Error {
  readonly code: string;
  readonly requestId: string | undefined;
  constructor(code: string, requestId: string | undefined) {
    super(code);
    this.code = code;
    this.requestId = requestId;
  }
}

/** Sends files as a form; gives the import they wait in. Throws `UploadRefused`, or what `fetch` throws when nobody answered. */
export async function uploadFiles(files: readonly File[]): Promise<ImportId> {
  const form = new FormData();
  for (const file of files) form.append('files', file, file.name);
  const store = chosenStore();
  const answer = await fetch('/imports/files', {
    method: 'POST',
    body: form,
    ...(store === undefined ? {} : { headers: { 'x-baoke-store': String(store) } }),
  });
  const body: unknown = await answer.json();
  if (typeof body !== 'object' || body === null) throw new UploadRefused('platform.failure', undefined);
  if (answer.ok && 'importId' in body) return body.importId as ImportId; // the server's own id
  throw new UploadRefused(
    'code' in body ? String(body.code) : 'platform.failure',
    'requestId' in body ? String(body.requestId) : undefined,
  );
}

/** Where the refused rows of a file are fetched as a workbook. A link carries no headers, so its store stands in the address. */
export function correctionsUrl(importId: ImportId, position: number, idNumbers: boolean): string {
  const store = chosenStore();
  const asked = new URLSearchParams({
    ...(store === undefined ? {} : { store: String(store) }),
    ...(idNumbers ? { idNumbers: 'true' } : {}),
  });
  return `/imports/${importId}/files/${position}/corrections.xlsx${asked.size === 0 ? '' : `?${asked.toString()}`}`;
}
