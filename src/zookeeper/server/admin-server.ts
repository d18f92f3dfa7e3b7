/**
 * The admin commands over HTTP: `GET /commands/<name>` answers JSON. A small HTTP/1.1 answerer: one request a connection, a
 * bounded head, no body. Off unless admin.enableServer=true, because its default port 8080 is Storm UI's.
 * Source: AdminServer and Commands of ZooKeeper 3.8.
 */
import { type Listener, messageOf, type Runtime, type Socket } from "../../base/index.ts";
import { adminCommandNames, runAdminCommand } from "./admin-commands.ts";
import type { ZooConfig } from "./config.ts";
import { portError } from "./errors.ts";
import type { ZooKeeperServer } from "./server.ts";

const headBytesMax = 8 * 1024;
const idleMs = 30_000;
const connectionsMax = 20;

interface HttpAnswer {
  readonly status: string;
  readonly type: string;
  readonly text: string;
}

export class AdminServer {
  readonly #runtime: Runtime;
  readonly #server: ZooKeeperServer;
  readonly #path: string;
  readonly #sockets = new Set<Socket>();
  #listener: Listener | null = null;

  private constructor(runtime: Runtime, server: ZooKeeperServer, path: string) {
    this.#runtime = runtime;
    this.#server = server;
    this.#path = path.replace(/\/+$/, "");
  }

  static async open(runtime: Runtime, server: ZooKeeperServer, options: ZooConfig["admin"]): Promise<AdminServer> {
    const admin = new AdminServer(runtime, server, options.path);
    const host = options.address === null ? {} : { host: options.address };
    try {
      admin.#listener = await runtime.net.listen({ port: options.port, ...host }, (socket) => admin.#accept(socket));
    } catch (error) {
      throw portError(error, options.port, "admin.serverPort");
    }
    runtime.log.info(
      `Started AdminServer on address ${options.address ?? "0.0.0.0"}, port ${admin.port} and command URL ${admin.#path}`,
    );
    return admin;
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.#listener?.close();
  }

  #accept(socket: Socket): void {
    let head = "";
    let answered = false;
    const timer = this.#runtime.timers.after(idleMs, () => socket.destroy());
    this.#sockets.add(socket);
    socket.handle({
      data: (bytes) => {
        if (answered) return;
        head += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0 && head.length <= headBytesMax) return;
        answered = true;
        if (end < 0) send(socket, plain("431 Request Header Fields Too Large", "the request's head is too long\n"));
        else void this.#answer(socket, head.slice(0, end));
      },
      close: () => {
        timer.cancel();
        this.#sockets.delete(socket);
      },
    });
    // Whoever came first and is still silent makes room: idle callers must not keep the others out.
    if (this.#sockets.size > connectionsMax) this.#sockets.values().next().value?.destroy();
  }

  async #answer(socket: Socket, head: string): Promise<void> {
    try {
      send(socket, await this.#route(head));
    } catch (error) {
      this.#runtime.log.warn(`admin command failed: ${messageOf(error)}`);
      send(socket, plain("500 Internal Server Error", "the command failed\n"));
    }
  }

  async #route(head: string): Promise<HttpAnswer> {
    const [method, target] = (head.split("\r\n")[0] ?? "").split(" ");
    if (method !== "GET") return plain("405 Method Not Allowed", "GET only\n");
    const [path = "", query = ""] = (target ?? "").split("?");
    if (path === this.#path || path === `${this.#path}/`)
      return { status: "200 OK", type: "text/html", text: this.#links() };
    if (!path.startsWith(`${this.#path}/`)) return plain("404 Not Found", "not found\n");
    const name = path.slice(this.#path.length + 1);
    const answer = await runAdminCommand(this.#server, name, query);
    return { status: "200 OK", type: "application/json", text: javaJson(answer) };
  }

  #links(): string {
    return adminCommandNames()
      .map((name) => `<a href="${this.#path}/${name}">${name}</a>\n<br/>\n`)
      .join("");
  }
}

/** Two spaces, a space on both sides of a colon, as Jackson prints it. */
function javaJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/^(\s*"(?:[^"\\]|\\.)*"):/gm, "$1 :");
}

function plain(status: string, text: string): HttpAnswer {
  return { status, type: "text/plain", text };
}

function send(socket: Socket, answer: HttpAnswer): void {
  const body = Buffer.from(answer.text, "utf8");
  const head = `HTTP/1.1 ${answer.status}\r\nContent-Type: ${answer.type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head, "latin1"), body]));
  socket.end();
}
