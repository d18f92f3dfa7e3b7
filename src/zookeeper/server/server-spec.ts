/** `server.N=host:quorumPort:electionPort[:participant|observer][;[clientHost:]clientPort]` of zoo.cfg. */
import { configError } from "./errors.ts";
import type { Property } from "./properties.ts";

export interface ServerSpec {
  readonly id: number;
  /** Without brackets when it is an IPv6 address. */
  readonly host: string;
  readonly quorumPort: number;
  readonly electionPort: number;
  readonly type: "participant" | "observer";
  /** From the part after `;`. */
  readonly client: { readonly host: string | null; readonly port: number } | null;
}

/** Ids above it would make session ids look like TTL marks. */
const serverIdMax = 254;

export function parseServer(source: string, property: Property, id: number): ServerSpec {
  const bad = (why: string): Error =>
    configError(
      "SL-ZK-CONFIG-SERVER",
      `${source}, line ${property.line}: ${property.key}=${property.value} is not an address of a server: ${why}`,
      "the form is server.N=host:quorumPort:electionPort, as in server.1=127.0.0.1:8001:9001",
      "give the host, the port that followers use and the port of the election, in this order",
    );
  if (id < 0 || id > serverIdMax) throw bad(`N must be 0 to ${serverIdMax}`);
  const [servers, clientText] = property.value.trim().split(";");
  if (servers === undefined || servers.includes("|")) throw bad("one address only");
  const parts = splitAddress(servers.trim());
  const [host, quorumText, electionText, typeText] = parts;
  if (host === undefined || host === "" || parts.length < 3 || parts.length > 4)
    throw bad("it needs a host and two ports");
  const quorumPort = portOf(quorumText);
  const electionPort = portOf(electionText);
  if (quorumPort === null || electionPort === null) throw bad("a port is a number from 1 to 65535");
  const type = (typeText ?? "participant").toLowerCase();
  if (type !== "participant" && type !== "observer") throw bad("it ends in participant or observer");
  const client = clientText === undefined ? null : clientOf(clientText.trim());
  if (clientText !== undefined && client === null) throw bad("after ; comes the client port, or host:port");
  return { id, host, quorumPort, electionPort, type, client };
}

/** At colons, except those of an IPv6 address in brackets. */
function splitAddress(text: string): string[] {
  if (!text.startsWith("[")) return text.split(":");
  const end = text.indexOf("]");
  if (end < 0) return [];
  const rest = text.slice(end + 1);
  return [text.slice(1, end), ...(rest.startsWith(":") ? rest.slice(1).split(":") : [])];
}

function portOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,5}$/.test(text.trim())) return null;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : null;
}

function clientOf(text: string): ServerSpec["client"] {
  const parts = splitAddress(text);
  const port = portOf(parts.at(-1));
  if (port === null || parts.length > 2) return null;
  return { host: parts.length === 2 ? (parts[0] ?? null) : null, port };
}

/** Two servers at one address cannot both listen: the usual copy-and-paste mistake. */
export function requireDistinctServers(source: string, servers: readonly ServerSpec[]): void {
  const users = new Map<string, string>();
  for (const server of servers) {
    for (const [port, use] of [
      [server.quorumPort, "quorum port"],
      [server.electionPort, "election port"],
      [server.client?.port ?? null, "client port"],
    ] as const) {
      if (port === null) continue;
      const name = `the ${use} of server.${server.id}`;
      const address = `${server.host}:${port}`;
      const other = users.get(address);
      if (other !== undefined) {
        throw configError(
          "SL-ZK-CONFIG-SERVER",
          `${source}: ${address} is both ${other} and ${name}`,
          "each server needs its own ports when several run on one machine",
          "give every server line other ports, the same list in every server's zoo.cfg",
        );
      }
      users.set(address, name);
    }
  }
}
