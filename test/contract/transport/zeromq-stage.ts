/** The contract's stage in the real world: ZeroMQ between endpoints of one process, over tcp or ipc. */
import { join } from "node:path";
import { realRuntime } from "../../../src/base/index.ts";
import { frameTransport, zeromqLinks } from "../../../src/transport/index.ts";
import { deadline, eventually, freePorts, temporaryDirectory } from "../../kit/index.ts";
import { marksOf, type Stage, type WorkerPlace } from "./stage.ts";

const timeoutMs = 20_000;
/** Three workers, each at its first address and elsewhere. */
const places = 6;

const runtime = realRuntime({ name: "transport-contract", self: { command: [] }, links: zeromqLinks() });

function zeromqStage(addresses: readonly string[], close: () => Promise<void>): Stage {
  const addressOf = (worker: number, place?: WorkerPlace) => {
    const address = addresses[2 * (worker - 1) + (place?.elsewhere === true ? 1 : 0)];
    if (address === undefined) throw new Error(`no place for worker ${worker}`);
    return address;
  };
  return {
    encodes: true,
    addressOf,
    transport: (worker, place) =>
      frameTransport(runtime, {
        worker,
        topologyId: "word-count-1",
        listen: addressOf(worker, place),
        ...marksOf(place),
      }),
    finish: (promise, what) => deadline(promise, timeoutMs, what),
    until: async (condition, what) => {
      await eventually(() => (condition() ? true : undefined), timeoutMs, what);
    },
    close,
  };
}

export async function tcpStage(): Promise<Stage> {
  const ports = await freePorts(places);
  return zeromqStage(
    ports.map((port) => `tcp://127.0.0.1:${port}`),
    () => Promise.resolve(),
  );
}

export async function ipcStage(): Promise<Stage> {
  const directory = await temporaryDirectory();
  const paths = Array.from({ length: places }, (_, index) => `ipc://${join(directory.path, `worker-${index}`)}`);
  return zeromqStage(paths, async () => directory[Symbol.asyncDispose]());
}
