/** Where a real process's log goes. */

import { jsonText, type LogSink, plainText } from "../../log.ts";

/** One line each to this process's own output. Pipes and files take them before the call returns. */
export function outputSink(stream: "stdout" | "stderr", format: "plain" | "json"): LogSink {
  const text = format === "json" ? jsonText : plainText;
  const output = stream === "stdout" ? process.stdout : process.stderr;
  return (line) => {
    output.write(`${text(line)}\n`);
  };
}
