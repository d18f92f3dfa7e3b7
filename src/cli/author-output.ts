/**
 * What code of others prints in this process, line by line: the program writes to its terminals past this, so that lines do not run
 * into what it draws, nor into what it gives to other programs.
 */
import { cutLines } from "../base/index.ts";

export type PrintedLine = (stream: "stdout" | "stderr", line: string) => void;

type Write = NodeJS.WriteStream["write"];

/** Until the returned function is called; then the last lines come, even without an end. */
export function catchPrints(process: NodeJS.Process, onLine: PrintedLine): () => void {
  const releases = (["stdout", "stderr"] as const).map((name) =>
    catchStream(process[name], (line) => onLine(name, line)),
  );
  return () => {
    for (const release of releases) release();
  };
}

function catchStream(stream: NodeJS.WriteStream, onLine: (line: string) => void): () => void {
  const cutter = cutLines(onLine);
  const { write } = stream;
  const caught = (chunk: Uint8Array | string, second?: unknown, third?: unknown): boolean => {
    const encoding = typeof second === "string" ? (second as BufferEncoding) : "utf8";
    cutter.write(typeof chunk === "string" && encoding !== "utf8" ? Buffer.from(chunk, encoding) : chunk);
    const done = typeof second === "function" ? second : third;
    if (typeof done === "function") process.nextTick(done);
    return true;
  };
  stream.write = caught as Write;
  return () => {
    stream.write = write;
    cutter.end();
  };
}
