/** Where a real process's log goes. */

import { jsonText, type LogSink, plainText } from "../../log.ts";

const guarded = new Set<NodeJS.WriteStream>();

/**
 * One line each to this process's own output. Pipes and files take them before the call returns. A reader that has
 * gone does not end the process: its lines are lost.
 */
export function outputSink(stream: "stdout" | "stderr", format: "plain" | "json"): LogSink {
  const text = format === "json" ? jsonText : plainText;
  const output = stream === "stdout" ? process.stdout : process.stderr;
  if (!guarded.has(output)) {
    guarded.add(output);
    output.on("error", () => {});
  }
  return (line) => {
    output.write(`${text(line)}\n`);
  };
}
