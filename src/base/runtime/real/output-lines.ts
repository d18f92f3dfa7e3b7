/** A program's output, cut into lines. */

import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** A longer line is handed on in pieces, so that a child without line ends cannot fill the memory. */
const longestLine = 1 << 20;

export interface LineCutter {
  write(bytes: Uint8Array | string): void;
  /** Gives the last line, which needs no end. */
  end(): void;
}

/** Calls back with each line, without its end. */
export function cutLines(onLine: (line: string) => void): LineCutter {
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
  return {
    write: (bytes) => take(typeof bytes === "string" ? bytes : decoder.write(bytes)),
    end: () => {
      take(decoder.end());
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const cutter = cutLines(onLine);
  stream.on("data", (bytes: Buffer) => cutter.write(bytes));
  stream.on("end", () => cutter.end());
  // A pipe that breaks has ended; the child's exit says why.
  stream.on("error", () => {});
}
