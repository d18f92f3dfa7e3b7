/** What a supervisor has put on disk of a topology: its structure and its conf. */
import { gunzipSync } from "node:zlib";
import { exitCodes, messageOf, type Runtime, StormLabError } from "../../base/index.ts";
import { confFromJson } from "../../code/index.ts";
import { stormDistFiles } from "../../state/index.ts";
import type { Conf } from "../../topology/index.ts";
import { gzipThrift, StormTopology } from "../../wire/thrift/index.ts";

export interface TopologyFiles {
  readonly topology: StormTopology;
  /** The topology's own, as nimbus keeps it. */
  readonly conf: Conf;
}

/** What a conf may unpack to. */
const confBytesMax = 16 * 1024 * 1024;

/** `directory`: the topology's `stormdist`. Throws SL-WORKER-CODE. */
export async function readTopologyFiles(runtime: Runtime, directory: string): Promise<TopologyFiles> {
  try {
    const [code, conf] = await Promise.all([
      runtime.fs.readFile(`${directory}/${stormDistFiles.code}`),
      runtime.fs.readFile(`${directory}/${stormDistFiles.conf}`),
    ]);
    const text = gunzipSync(conf, { maxOutputLength: confBytesMax }).toString("utf8");
    return { topology: gzipThrift(StormTopology).decode(code), conf: confFromJson(text, stormDistFiles.conf) };
  } catch (error) {
    throw new StormLabError({
      code: "SL-WORKER-CODE",
      what: `the topology's files in ${directory} cannot be read: ${messageOf(error)}`,
      why: "the supervisor has not downloaded them, or somebody has changed them",
      hint: "end the supervisor, remove the folder, and start the supervisor again: it downloads them anew",
      exitCode: exitCodes.refused,
      cause: error,
    });
  }
}
