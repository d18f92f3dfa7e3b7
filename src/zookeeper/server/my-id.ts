/** `dataDir/myid`: which of the server lines this server is. Source: QuorumPeerConfig.setupMyId of ZooKeeper 3.8. */
import type { Runtime } from "../../base/index.ts";
import type { ZooConfig } from "./config.ts";
import { configError } from "./errors.ts";

/** Throws SL-ZK-MYID. */
export async function readMyId(runtime: Runtime, config: ZooConfig): Promise<number> {
  const path = `${config.dataDir}/myid`;
  const known = [...config.servers.keys()].join(", ");
  if ((await runtime.fs.stat(path)) === null) {
    const misplaced =
      config.dataLogDir !== config.dataDir && (await runtime.fs.stat(`${config.dataLogDir}/myid`)) !== null;
    throw configError(
      "SL-ZK-MYID",
      `${path} file is missing`,
      misplaced
        ? `there is one in dataLogDir, but ZooKeeper looks in dataDir`
        : `with ${config.servers.size} server lines each server must know which one it is`,
      misplaced
        ? `mv ${config.dataLogDir}/myid ${path}`
        : `echo N > ${path}, with this server's number out of ${known}`,
    );
  }
  const text = Buffer.from(await runtime.fs.readFile(path))
    .toString("utf8")
    .trim();
  const id = Number(text);
  if (!/^\d+$/.test(text) || !config.servers.has(id)) {
    throw configError(
      "SL-ZK-MYID",
      `${path} holds "${text.slice(0, 40)}", which no server line has`,
      `${config.source} lists server ${known}; the number in myid must be one of them`,
      `correct ${path}, or add the line server.${/^\d+$/.test(text) ? text : "N"}=host:quorumPort:electionPort to every zoo.cfg`,
    );
  }
  return id;
}
