/** `storm-lab get-errors NAME`: the newest error of each component, as Storm's JSON. */
import { exitCodes } from "../../base/index.ts";
import type { CommandSpec } from "../command.ts";
import { withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

export const getErrorsCommand: CommandSpec = {
  name: "get-errors",
  examples: [["get-errors word-count", "the newest of each component"]],
  summary: "print the newest error of each component of a topology, as JSON",
  args: [{ name: "<name>", summary: "of the topology", completes: "topology" }],
  options: clientOptions,
  run: async (context, input) => {
    const name = String(input.args.name);
    const { NotAliveException } = await import("../../wire/thrift/index.ts");
    const answer = await withNimbus(context, input, "get-errors", async (calls) => {
      try {
        const info = await calls.getTopologyInfoByNameWithOpts({ name, options: { num_err_choice: "ONE" } });
        const errors = [...info.errors].flatMap(([id, [newest]]) => (newest === undefined ? [] : [[id, newest.error]]));
        return { "Comp-Errors": Object.fromEntries(errors) as unknown, "Topology Name": info.name };
      } catch (error) {
        if (!NotAliveException.is(error)) throw error;
        // Storm's answer, which is no failure of the command.
        return { Failure: `No topologies running with name ${name}` };
      }
    });
    context.stdout.write(`${JSON.stringify(answer)}\n`);
    return exitCodes.done;
  },
};
