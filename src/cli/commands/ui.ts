/** `storm-lab ui`: the daemon in front, until Ctrl-C. */
import { resolve } from "node:path";
import type { CommandSpec } from "../command.ts";
import { runDaemon } from "./daemon.ts";
import { pidFileOption } from "./pid-file.ts";
import { confOptions } from "./storm-conf.ts";

export const uiCommand: CommandSpec = {
  name: "ui",
  examples: [
    ["ui", "with conf/storm.yaml here"],
    ["ui -c ui.port=8081", "on another port"],
  ],
  summary: "run the UI in front until Ctrl-C: the web page, Storm's REST API, and what happens as it happens",
  description:
    "Answers Storm's paths under http://127.0.0.1:8080/api/v1/ (the list: /api/v1/openapi.json), and streams events at /api/v1/events. " +
    "It listens on this machine alone unless ui.host says otherwise. Reads storm.yaml as Storm does.",
  options: [...confOptions, pidFileOption],
  run: async (context, input) => {
    const { startUi } = await import("../../ui/index.ts");
    // Bundled, this file is in dist/ itself.
    const pageFolder = import.meta.dirname.endsWith("/dist")
      ? import.meta.dirname
      : resolve(import.meta.dirname, "../../../dist");
    return runDaemon(context, input, "ui", (runtime, conf) => startUi({ runtime, conf, pageFolder }));
  },
};
