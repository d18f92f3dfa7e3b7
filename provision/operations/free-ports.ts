/** A block of ports that nobody uses, for a cluster that is to disturb no other. */
import { exitCodes, type Runtime, StormLabError } from "../../src/base/index.ts";
import { portsInBlock } from "../cluster/cluster-spec.ts";

/** Below the ports that systems give to outgoing connections (Linux: from 32768). */
const lowest = 10_000;
const highest = 32_000;
const triesMax = 20;

/** Its first port. Somebody may take one of it before it is used: `up` looks again. Throws SL-PORT-BUSY. */
export async function freePortBlock(runtime: Runtime): Promise<number> {
  const blocks = Math.floor((highest - lowest) / portsInBlock);
  for (let attempt = 0; attempt < triesMax; attempt++) {
    const first = lowest + runtime.random.below(blocks) * portsInBlock;
    if (await isFree(runtime, first)) return first;
  }
  throw new StormLabError({
    code: "SL-PORTS-TAKEN",
    what: `no block of ${portsInBlock} free ports was found in ${triesMax} tries`,
    why: `ports from ${lowest} to ${highest} are mostly taken`,
    hint: "end other clusters (storm-lab clusters), or name a block: storm-lab up --ports 40000",
    exitCode: exitCodes.preflight,
  });
}

async function isFree(runtime: Runtime, first: number): Promise<boolean> {
  for (let port = first; port < first + portsInBlock; port++) {
    const listener = await runtime.net
      .listen({ host: "127.0.0.1", port }, (socket) => socket.destroy())
      .catch(() => null);
    if (listener === null) return false;
    await listener.close();
  }
  return true;
}
