/** A TCP relay that can be cut and stalled: how rules keep one client away from servers that others still reach. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttableLink {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Ends what is open and refuses what comes. */
  cut(): void;
  /** Keeps connections open, but nothing passes any more; new ones are accepted and stay silent. */
  stall(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function openCuttableLink(targetPort: number): Promise<CuttableLink> {
  let state: "open" | "cut" | "stalled" = "open";
  const sockets = new Set<Socket>();
  const relay = createServer((near) => {
    keep(near);
    if (state === "cut") near.destroy();
    if (state !== "open") return;
    const far = connect({ host: "127.0.0.1", port: targetPort });
    keep(far);
    near.on("data", (bytes) => state === "open" && far.write(bytes));
    far.on("data", (bytes) => state === "open" && near.write(bytes));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  }
  function dropAll(): void {
    for (const socket of sockets) socket.destroy();
  }
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  return {
    address: `127.0.0.1:${(relay.address() as AddressInfo).port}`,
    cut() {
      state = "cut";
      dropAll();
    },
    stall() {
      state = "stalled";
    },
    restore() {
      state = "open";
      dropAll();
    },
    async close() {
      dropAll();
      relay.close();
      await once(relay, "close");
    },
  };
}
