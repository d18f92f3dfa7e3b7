/** `storm-lab remoteconfvalue KEY`, as Storm's: the value that nimbus has. */
import type { CommandSpec } from "../command.ts";
import { tellValue, unknownKey } from "./conf-value.ts";
import { withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

export const remoteConfValueCommand: CommandSpec = {
  name: "remoteconfvalue",
  examples: [["remoteconfvalue topology.message.timeout.secs", "the time-out that nimbus gives topologies"]],
  summary: "print the value that a key of storm.yaml has at nimbus",
  args: [{ name: "<key>", summary: "such as nimbus.thrift.port" }],
  options: clientOptions,
  run: async (context, input) => {
    const key = String(input.args.key);
    const json = await withNimbus(context, input, "remoteconfvalue", (calls) => calls.getNimbusConf());
    const conf = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (!Object.hasOwn(conf, key)) {
      throw unknownKey(key, Object.keys(conf), "remoteconfvalue", {
        what: `nimbus has no ${key}`,
        why: "it is spelled otherwise, or is a key of something else's",
      });
    }
    return tellValue(context, key, conf[key]);
  },
};
