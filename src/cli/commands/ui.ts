/** `storm-lab ui`: the daemon in front, until Ctrl-C. */
import type { CommandSpec } from "../command.ts";
import { runDaemon } from "./daemon.ts";
import { pidFileOption } from "./pid-file.ts";
import { confOptions } from "./storm-conf.ts";

export const uiCommand: CommandSpec = {
  name: "ui",
  summary: "run the UI in front until Ctrl-C: Storm's REST API and what happens, as it happens",
  description:
    "Answers Storm's paths under http://127.0.0.1:8080/api/v1/ (the list: /api/v1/openapi.json), and streams events at /api/v1/events. " +
    "It listens on this machine alone unless ui.host says otherwise. Reads storm.yaml as Storm does.",
  options: [...confOptions, pidFileOption],
  run: async (context, input) => {
    const { startUi } = await import("../../ui/index.ts");
    return runDaemon(context, input, "ui", (runtime, conf) => startUi({ runtime, conf }));
  },
};
