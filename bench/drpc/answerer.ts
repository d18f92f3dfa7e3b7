/** Answers calls of `exclamation` without a topology: pushed to, or asking again and again as Storm's spout. Arguments: port, way. */
import { realRuntime } from "../../src/base/index.ts";
import { connectThrift } from "../../src/rpc/index.ts";
import { DistributedRPCInvocations } from "../../src/wire/thrift/index.ts";

const functionName = "exclamation";
const [port = "", way = "push"] = process.argv.slice(2);
const runtime = realRuntime({ name: "answerer", self: { command: [] } });
const { calls } = await connectThrift({
  runtime,
  host: "127.0.0.1",
  port: Number(port),
  service: DistributedRPCInvocations,
});
process.stdout.write("ready\n");
if (way === "push") await push();
else await ask();

async function push(): Promise<never> {
  for (;;) {
    const requests = await calls.fetchRequests({ functionName, max: 1024, waitMs: 30_000 });
    const results = requests.map(({ request_id, func_args }) => ({ request_id, result: `${func_args}!` }));
    if (results.length > 0) calls.results({ results }).catch(() => {});
  }
}

/** Storm's spout sleeps a millisecond when there is nothing. */
async function ask(): Promise<never> {
  for (;;) {
    const { request_id: id, func_args } = await calls.fetchRequest({ functionName });
    if (id === "") await new Promise<void>((resolve) => runtime.timers.after(1, resolve));
    else calls.result({ id, result: `${func_args}!` }).catch(() => {});
  }
}
