/** Asks a ZooKeeper server, ours or Apache's, one of its four-letter words, independently of our own client. */
import { connect } from "node:net";

/** The whole answer; null when the server cannot be reached or answers nothing within `deadlineMs`. */
export function fourLetterWord(
  port: number,
  word: string,
  host = "127.0.0.1",
  deadlineMs = 2000,
): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let answer = "";
    socket.setTimeout(deadlineMs, () => socket.destroy());
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(word));
    socket.on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer === "" ? null : answer));
  });
}

export type ServerMode = "leader" | "follower" | "observer" | "standalone";

/** The `Mode:` that `srvr` shows; null while the server does not serve. */
export async function serverMode(port: number, host = "127.0.0.1"): Promise<ServerMode | null> {
  const mode = /^Mode: (leader|follower|observer|standalone)$/m.exec((await fourLetterWord(port, "srvr", host)) ?? "");
  return mode === null ? null : (mode[1] as ServerMode);
}
