/** Asks a server one of ZooKeeper's four-letter words: text out, text in, then the server closes. */
import { messageOf, type NetError, type Runtime, type Timer } from "../../base/index.ts";
import { clientError } from "./client-errors.ts";
import { type Host, hostText } from "./connect-string.ts";

/** More than any server writes, even `dump` and `wchc` of a busy one. */
const answerBytesMax = 16 * 1024 * 1024;

/** The whole answer. SL-ZK-UNREACHABLE when nobody listens, or the answer is not complete after `deadlineMs`. */
export async function askFourLetterWord(
  runtime: Runtime,
  host: Host,
  word: string,
  deadlineMs: number,
): Promise<string> {
  const unreachable = (why: string, cause?: unknown) =>
    clientError("SL-ZK-UNREACHABLE", `ZooKeeper at ${hostText(host)} did not answer "${word}": ${why}`, cause);
  const socket = await runtime.net
    .connect({ host: host.host, port: host.port, timeoutMs: deadlineMs })
    .catch((error: unknown) => Promise.reject(unreachable(messageOf(error), error)));
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const end = (why: string | null, error?: NetError) => {
      deadline.cancel();
      socket.destroy();
      if (why !== null) reject(unreachable(why, error));
      else resolve(Buffer.concat(chunks).toString("utf8"));
    };
    const deadline: Timer = runtime.timers.after(deadlineMs, () => end(`no end of it within ${deadlineMs} ms`));
    socket.handle({
      data(part) {
        chunks.push(part);
        bytes += part.length;
        if (bytes > answerBytesMax) end(`more than ${answerBytesMax} bytes`);
      },
      close: (error) => end(error !== undefined && bytes === 0 ? error.code : null, error),
    });
    socket.write(Buffer.from(word, "latin1"));
  });
}
