/** The other process of the rpc benchmark: an echo as Thrift (`thrift`) or of bare bytes (`bare`); sends its CPU time when asked. */
import { realRuntime } from "../../src/base/index.ts";
import { serveThrift } from "../../src/rpc/index.ts";
import { DistributedRPC } from "../../src/wire/thrift/index.ts";

const runtime = realRuntime({ name: "bench", self: { command: [process.execPath] }, level: "warn" });
const place = { host: "127.0.0.1", port: 0 };
const listener =
  process.argv[2] === "thrift"
    ? await serveThrift({
        runtime,
        ...place,
        service: DistributedRPC,
        // A promise, as from a topology.
        handlers: { execute: async ({ funcArgs = "" }) => `${funcArgs}!` },
      })
    : await runtime.net.listen(place, (socket) => {
        socket.handle({ data: (bytes) => void socket.write(bytes), close: () => {} });
      });
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send?.(listener.port);
