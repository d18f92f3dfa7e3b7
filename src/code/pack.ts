/** From an author's module to the archive that is submitted with its topology. */
import type { Runtime } from "../base/index.ts";
import type { AuthorSeat } from "./author-seat.ts";
import { reservedFile } from "./code-errors.ts";
import { collectCode } from "./code-files.ts";
import type { ImportRecord } from "./import-record.ts";
import {
  checksum,
  formVersion,
  type Manifest,
  manifestFile,
  manifestText,
  packedBy,
  resourcesFolder,
} from "./manifest.ts";

export interface PackOptions extends Pick<Manifest, "build" | "name"> {
  readonly runtime: Runtime;
  readonly seat: AuthorSeat;
  readonly imports: ImportRecord;
}

export interface PackedCode {
  /** A zip, which Storm calls a jar. The same files and arguments always make the same bytes. */
  readonly archive: Uint8Array<ArrayBuffer>;
  /** The module in it, for `topologyToThrift`. */
  readonly entry: string;
}

/** Throws SL-CODE-TOO-LARGE and SL-CODE-RESERVED. */
export async function packCode({ runtime, seat, imports, build, name }: PackOptions): Promise<PackedCode> {
  const [{ root, entry, files, imports: detours }, { zip }] = await Promise.all([
    collectCode(runtime, imports),
    import("./zip.ts"),
  ]);
  if (files.has(manifestFile)) throw reservedFile(`${root}/${manifestFile}`);
  const { args, workingDirectory } = seat;
  const checksums = Object.fromEntries([...files].map(([path, bytes]) => [path, checksum(bytes)]));
  const manifest: Manifest = {
    version: formVersion,
    entry,
    build,
    name,
    args,
    workingDirectory,
    root,
    imports: detours,
    files: checksums,
    packedBy,
  };
  const entries = [...files].map(([path, bytes]) => [`${resourcesFolder}/${path}`, bytes] as const);
  const first = [`${resourcesFolder}/${manifestFile}`, new TextEncoder().encode(manifestText(manifest))] as const;
  return { archive: zip(new Map([first, ...entries])), entry };
}
