/** Who of the ZooKeeper ensemble leads and who follows, as each server says by the four-letter word `srvr`. */
import type { Runtime } from "../base/index.ts";

export interface Member {
  /** `host:port` of its client port. */
  readonly server: string;
  /** `leader`, `follower`, `observer`, `standalone`, `not serving`; `no answer`. */
  readonly mode: string;
  readonly zxid: string | null;
  readonly connections: number | null;
}

const answerMs = 2000;
const answerBytesMax = 64 * 1024;

/** `servers`: ZooKeeper's connect string. */
export function askEnsemble(runtime: Runtime, servers: string): Promise<Member[]> {
  return Promise.all(servers.split(",").map(async (server) => memberOf(server, await answerOf(runtime, server))));
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

/** Null: none in time. */
async function answerOf(runtime: Runtime, server: string): Promise<string | null> {
  const at = server.lastIndexOf(":");
  const place = { host: server.slice(0, at), port: Number(server.slice(at + 1)), timeoutMs: answerMs };
  const socket = await runtime.net.connect(place).catch(() => null);
  if (socket === null) return null;
  return new Promise((resolve) => {
    let text = "";
    const late = runtime.timers.after(answerMs, () => end(null));
    const end = (answer: string | null): void => {
      late.cancel();
      socket.destroy();
      resolve(answer);
    };
    socket.handle({
      data: (bytes) => {
        text += Buffer.from(bytes).toString("latin1");
        if (text.length > answerBytesMax) end(null);
      },
      end: () => end(text === "" ? null : text),
      close: () => end(text === "" ? null : text),
    });
    socket.write(Buffer.from("srvr"));
  });
}
