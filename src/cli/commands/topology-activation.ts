/** `storm-lab activate NAME` and `deactivate NAME`: whether a topology's spouts emit. */
import { exitCodes } from "../../base/index.ts";
import type { CommandSpec } from "../command.ts";
import { checkNames, withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

export const activateCommand = command("activate", "let a topology's spouts emit again", "Activated topology");
export const deactivateCommand = command(
  "deactivate",
  "stop a topology's spouts from emitting",
  "Deactivated topology",
);

function command(name: "activate" | "deactivate", summary: string, done: string): CommandSpec {
  return {
    name,
    summary,
    examples: [[`${name} word-count`, summary]],
    args: [{ name: "<name>", summary: "of the topology", completes: "topology" }],
    options: clientOptions,
    run: async (context, input) => {
      const topology = String(input.args.name);
      await checkNames([topology]);
      await withNimbus(context, input, name, (calls) => calls[name]({ name: topology }));
      const text = context.globals.output === "text" ? `${done}: ${topology}` : JSON.stringify({ [name]: topology });
      context.stdout.write(`${text}\n`);
      return exitCodes.done;
    },
  };
}
