/** A child's output, cut into lines. */

import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** A longer line is handed on in pieces, so that a child without line ends cannot fill the memory. */
const longestLine = 1 << 20;

/** Calls back with each line, without its end; the last one needs none. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
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
  stream.on("data", (bytes: Buffer) => take(decoder.write(bytes)));
  stream.on("end", () => {
    take(decoder.end());
    if (rest !== "") onLine(rest);
    rest = "";
  });
  // A pipe that breaks has ended; the child's exit says why.
  stream.on("error", () => {});
}
