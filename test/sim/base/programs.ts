/** Small programs for the tests of the simulated world. */
import type { NetError, Runtime, SimulatedProcess, SimulatedWorld, Socket } from "../../../src/base/index.ts";

export const port = 7000;

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function sleep(runtime: Runtime, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    runtime.timers.after(delayMs, resolve);
  });
}

/** Sends back what it gets. */
export async function echoServer(runtime: Runtime): Promise<number> {
  await runtime.net.listen({ port }, (socket) => {
    socket.handle({ data: (bytes) => void socket.write(bytes), close: () => {} });
  });
  return new Promise(() => {});
}

/** A connection driven from outside, with what came of it. */
class Line {
  readonly socket: Socket;
  received = "";
  chunks = 0;
  ended = false;
  closed = false;
  error: NetError | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.handle({
      data: (bytes) => {
        this.received += textOf(bytes);
        this.chunks++;
      },
      end: () => {
        this.ended = true;
        socket.end();
      },
      close: (error) => {
        this.closed = true;
        this.error = error;
      },
    });
  }

  say(text: string): void {
    this.socket.write(bytesOf(text));
  }
}

/** A process on `from` with a connection to the echo server on `to`. */
export async function dial(
  world: SimulatedWorld,
  from: string,
  to: string,
  timeoutMs = 5000,
): Promise<{ client: SimulatedProcess; line: Line }> {
  const client = world.start({ host: from, name: `client on ${from}` });
  const connected = client.runtime.net.connect({ host: to, port, timeoutMs }).then((socket) => new Line(socket));
  return { client, line: await world.finish(connected, { what: `connection ${from} → ${to}` }) };
}

/** A world with an echo server that listens. */
export async function startEcho(world: SimulatedWorld, host: string): Promise<SimulatedProcess> {
  const server = world.start({ host, name: "echo", program: echoServer });
  await world.run({ forMs: 10 });
  return server;
}
