/** Who of the ZooKeeper ensemble leads and who follows, as each server says by the four-letter word `srvr`. */
import type { Runtime } from "../base/index.ts";
import { askFourLetterWord, hostText, parseConnectString } from "../zookeeper/index.ts";

export interface Member {
  /** `host:port` of its client port. */
  readonly server: string;
  /** `leader`, `follower`, `observer`, `standalone`, `not serving`; `no answer`. */
  readonly mode: string;
  readonly zxid: string | null;
  readonly connections: number | null;
}

const answerMs = 2000;

/** `servers`: ZooKeeper's connect string. */
export function askEnsemble(runtime: Runtime, servers: string): Promise<Member[]> {
  return Promise.all(
    parseConnectString(servers).map(async (host) =>
      memberOf(hostText(host), await askFourLetterWord(runtime, host, "srvr", answerMs).catch(() => null)),
    ),
  );
}

function memberOf(server: string, text: string | null): Member {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text ?? "")?.[1] ?? null;
  const connections = field("Connections");
  return {
    server,
    mode: text === null ? "no answer" : (field("Mode") ?? "not serving"),
    zxid: field("Zxid"),
    connections: connections === null ? null : Number(connections),
  };
}
