/** `storm-lab open`: the cluster's page in a browser, or its address where there is none. */
import { exitCodes, messageOf, type Runtime, StormLabError } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../../command.ts";
import { clusterOption, namedCluster, openPlace } from "./place.ts";

export const openCommand: CommandSpec = {
  name: "open",
  examples: [
    ["open", "the page in a browser"],
    ["open --print", "only its address"],
  ],
  summary: "open the cluster's web page in a browser",
  options: [clusterOption, { flags: "--print", summary: "only print its address" }],
  run,
};

async function run(context: CommandContext, input: CommandInput): Promise<number> {
  const { loadCluster, onlyCluster, uiUrls } = await import("../../../../provision/index.ts");
  const place = openPlace(context, "open");
  const layout = await loadCluster(place, namedCluster(input) ?? (await onlyCluster(place)));
  const [url] = uiUrls(layout);
  if (url === undefined) throw noUi(layout.spec.name);
  const address = `${url}/`;
  const isPrinted = context.globals.output === "text";
  context.stdout.write(isPrinted ? `${address}\n` : `${JSON.stringify({ v: 1, type: "open", url: address })}\n`);
  if (input.options.print === true) return exitCodes.done;
  const failure = await openBrowser(place.runtime, address);
  if (failure !== null)
    context.stderr.write(`no browser could be opened here (${failure}): open the address yourself\n`);
  return exitCodes.done;
}

/** What went wrong; null: nothing. */
async function openBrowser(runtime: Runtime, url: string): Promise<string | null> {
  const { BROWSER: own = "" } = process.env;
  const program = own !== "" ? own : process.platform === "darwin" ? "open" : "xdg-open";
  try {
    const child = await runtime.processes.spawn({ program, args: [url], detached: true, output: "pipe" });
    const { code } = await child.exited;
    return code === 0 ? null : `${program} ended with ${code}`;
  } catch (error) {
    return messageOf(error);
  }
}

export function noUi(name: string): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-TARGET",
    what: `the cluster ${name} has no UI`,
    why: "its cluster.yaml says ui: {count: 0}",
    hint: "storm-lab scale ui=1",
    exitCode: exitCodes.usage,
  });
}
