import { UnreadableFile } from './limits.ts';

export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'gb18030';

export interface DecodedText {
  readonly encoding: TextEncoding;
  readonly text: string;
}

/**
 * Decodes a text file without being told its encoding: byte order mark, else the zero bytes of UTF-16, else strict UTF-8, else strict
 * GB18030, of which GBK and GB2312 are parts. Nothing is replaced: bytes that fit none of them refuse the file.
 */
export function decodeText(bytes: Buffer): DecodedText {
  const decoded = decode(bytes);
  if (decoded.text.includes('\u0000')) throw new UnreadableFile('imports.encoding_unknown');
  return decoded;
}

function decode(bytes: Buffer): DecodedText {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return strictly('utf-8', bytes, 'utf-8-bom');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return strictly('utf-16le', bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return strictly('utf-16be', bytes, 'utf-16be');
  const utf16 = utf16WithoutMark(bytes);
  if (utf16) return strictly(utf16, bytes, utf16);
  try {
    return strictly('utf-8', bytes, 'utf-8');
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return strictly('gb18030', bytes, 'gb18030');
  }
}

function strictly(label: string, bytes: Buffer, encoding: TextEncoding): DecodedText {
  try {
    return { encoding, text: new TextDecoder(label, { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) throw new UnreadableFile('imports.encoding_unknown');
    throw error;
  }
}

/** Separators and line ends of a UTF-16 table have a zero byte, always on the same side. */
function utf16WithoutMark(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, 4096);
  let even = 0;
  let odd = 0;
  for (const [at, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  if (odd > sample.length / 50 && odd > even * 10) return 'utf-16le';
  if (even > sample.length / 50 && even > odd * 10) return 'utf-16be';
  return undefined;
}
