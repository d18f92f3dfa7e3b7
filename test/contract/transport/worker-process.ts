/**
 * One worker in a process of its own, for the tests with real processes.
 *
 *     receive ADDRESS          counts what comes; says `ready`, `first …`, and a line of JSON at the tuple "end"
 *     send ADDRESS COUNT       sends 0 … COUNT−1 and "end" to ADDRESS, and ends
 */
import { realRuntime } from "../../../src/base/index.ts";
import { type Endpoint, frameTransport, type TransportHandlers, zeromqLinks } from "../../../src/transport/index.ts";

const runtime = realRuntime({ name: "worker", self: { command: [] }, links: zeromqLinks() });
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Tuples a turn, as an executor would. */
const burst = 500;
const lingerMs = 10_000;

function open(worker: number, listen: string, handlers: Partial<TransportHandlers>): Promise<Endpoint> {
  return frameTransport(runtime, { worker, topologyId: "word-count-1", listen }).open({
    tuple: () => undefined,
    pressure: () => undefined,
    congestion: () => undefined,
    appeared: () => undefined,
    lost: () => undefined,
    problem: (error) => say(`problem ${error.message}`),
    ...handlers,
  });
}

async function receive(address: string): Promise<void> {
  let received = 0;
  let last = -1;
  let disorder = 0;
  let gaps = 0;
  let lost = 0;
  await open(2, address, {
    tuple: (_target, _source, _stream, _rootHi, _rootLo, _edgeHi, _edgeLo, _more, values) => {
      const [value] = values;
      if (typeof value !== "number") {
        say(JSON.stringify({ received, last, disorder, gaps, lost }));
        return;
      }
      if (received === 0) say(`first ${value}`);
      else if (value <= last) disorder++;
      else if (value !== last + 1) gaps++;
      received++;
      last = value;
    },
    lost: (_peer, frames) => {
      lost += frames;
    },
  });
  say("ready");
}

async function send(address: string, count: number): Promise<void> {
  let proceed = () => {};
  const endpoint = await open(1, "tcp://127.0.0.1:0", { congestion: (_peer, congested) => congested || proceed() });
  endpoint.connect(2, address);
  for (let i = 0; i < count; i++) {
    endpoint.send(2, 1, 1, 0, 1, 2, 3, 4, null, [i, "some words to carry"]);
    if (i % burst !== burst - 1) continue;
    endpoint.flush();
    await new Promise<void>((resolve) => {
      proceed = resolve;
      if (!endpoint.congested(2)) runtime.timers.soon(resolve);
    });
  }
  endpoint.send(2, 1, 1, 0, 0, 0, 0, 0, null, ["end"]);
  await endpoint.close(lingerMs);
}

const [role, address = "", count = "0"] = process.argv.slice(2);
if (role === "receive") await receive(address);
else await send(address, Number(count));
