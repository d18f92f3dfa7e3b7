/** The conf of a topology as its worker has it: `stormconf.ser`, gzipped JSON. */
import { gunzipSync } from "node:zlib";
import { messageOf, type Runtime } from "../base/index.ts";

/** `topology.environment` is small. */
const confBytesMax = 16 * 1024 * 1024;

/** Nothing, and a word in the log, when it cannot be read. */
export async function readTopologyConf(
  { fs, log }: Runtime,
  codeDirectory: string,
): Promise<Readonly<Record<string, unknown>>> {
  const file = `${codeDirectory}/stormconf.ser`;
  try {
    const bytes = gunzipSync(await fs.readFile(file), { maxOutputLength: confBytesMax });
    return JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    log.warn(`${file} cannot be read, what the topology wants of its worker is not known: ${messageOf(error)}`);
    return {};
  }
}
