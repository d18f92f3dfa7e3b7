/** Plain files in the tar format, so that any tar unpacks them. Source: POSIX.1-2017, pax, "ustar Interchange Format". */

export interface TarFile {
  /** With `/`, relative. */
  readonly path: string;
  readonly isExecutable: boolean;
  readonly bytes: Uint8Array;
}

const blockBytes = 512;
const nameMax = 100;
const prefixMax = 155;

/** The header, the bytes and their padding. Throws RangeError for a path that the format has no room for. */
export function tarEntry({ path, isExecutable, bytes }: TarFile): Uint8Array {
  const padding = (blockBytes - (bytes.length % blockBytes)) % blockBytes;
  const header = Buffer.alloc(blockBytes);
  const { prefix, name } = splitPath(path);
  header.write(name, 0, "utf8");
  header.write(isExecutable ? "0000755\0" : "0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  header.write(prefix, 345, "utf8");
  header.write(`${sumOf(header).toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc(padding)]);
}

/** What ends an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockBytes);

/** Null: this is no archive of plain files, or it was cut off or changed. */
export function readTar(archive: Uint8Array): TarFile[] | null {
  const files: TarFile[] = [];
  for (let at = 0; at + blockBytes <= archive.length; ) {
    const header = Buffer.from(archive.subarray(at, at + blockBytes));
    if (header.every((byte) => byte === 0)) return files;
    const size = Number.parseInt(textAt(header, 124, 12), 8);
    const sum = Number.parseInt(textAt(header, 148, 8), 8);
    header.fill(" ", 148, 156);
    const isPlain = header[156] === "0".charCodeAt(0) && textAt(header, 257, 5) === "ustar";
    const end = at + blockBytes + size;
    if (!isPlain || sum !== sumOf(header) || !Number.isSafeInteger(size) || size < 0 || end > archive.length)
      return null;
    const prefix = textAt(header, 345, prefixMax);
    const name = textAt(header, 0, nameMax);
    const isExecutable = (Number.parseInt(textAt(header, 100, 8), 8) & 0o100) !== 0;
    files.push({
      path: prefix === "" ? name : `${prefix}/${name}`,
      isExecutable,
      bytes: archive.subarray(at + blockBytes, end),
    });
    at = end + ((blockBytes - (size % blockBytes)) % blockBytes);
  }
  return null;
}

function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  if (Buffer.byteLength(path) <= nameMax) return { prefix: "", name: path };
  for (let slash = path.indexOf("/"); slash > 0; slash = path.indexOf("/", slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(prefix) <= prefixMax && Buffer.byteLength(name) <= nameMax) return { prefix, name };
  }
  throw new RangeError(`${path} is too long for the tar format`);
}

function textAt(header: Buffer, at: number, length: number): string {
  const text = header.toString("utf8", at, at + length);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

function sumOf(header: Uint8Array): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}
