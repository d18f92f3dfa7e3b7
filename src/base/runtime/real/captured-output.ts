/** What this process's own code prints, `console` among it, handed on line by line instead of written. */
import { StringDecoder } from "node:string_decoder";

export interface CapturedOutput {
  /** Hands on what has no line end yet, and lets the streams write again. */
  restore(): void;
}

/** A longer line is handed on in pieces, so that code without line ends cannot fill the memory. */
const longestLine = 1 << 20;

export function captureOutput(onLine: (stream: "stdout" | "stderr", line: string) => void): CapturedOutput {
  const streams = (["stdout", "stderr"] as const).map((name) => captureStream(name, (line) => onLine(name, line)));
  return {
    restore: () => {
      for (const restore of streams) restore();
    },
  };
}

function captureStream(name: "stdout" | "stderr", onLine: (line: string) => void): () => void {
  const stream = process[name];
  const original = stream.write;
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string): void => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    while (rest.length > longestLine) {
      onLine(rest.slice(0, longestLine));
      rest = rest.slice(longestLine);
    }
  };
  const write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    written?: (error?: Error | null) => void,
  ): boolean => {
    const bytes = typeof chunk === "string" && typeof encoding === "string" ? Buffer.from(chunk, encoding) : chunk;
    take(
      typeof bytes === "string" ? bytes : decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    );
    const done = typeof encoding === "function" ? encoding : written;
    if (done !== undefined) queueMicrotask(() => done());
    return true;
  };
  stream.write = write as typeof stream.write;
  return () => {
    stream.write = original;
    take(decoder.end());
    if (rest !== "") onLine(rest);
    rest = "";
  };
}
