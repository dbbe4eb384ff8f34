/** A file the server made of a list. */
export type MadeFile = { readonly fileName: string; readonly contentType: string; readonly base64: string };

/** Hands a file that the server made to the person, as the browser saves files. */
export function downloadFile({ fileName, contentType, base64 }: MadeFile): void {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
