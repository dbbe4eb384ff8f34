/** A file the server made. */
export type MadeFile = { readonly fileName: string; readonly contentType: string; readonly base64: string };

/** Hands a file over to the person, as the browser saves files. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  // A busy browser looks at the address, and at the name, only later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The same for a file that came from the server. */
export function saveMadeFile({ fileName, contentType, base64 }: MadeFile): void {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  saveFile(new Blob([bytes], { type: contentType }), fileName);
}
