/** Counters of a server as `srvr`, `stat` and `mntr` show them. Source: ServerStats and ServerMetrics of ZooKeeper 3.8. */
import { Sizes, Summary } from "./summary.ts";

export class ServerStats {
  /** Of every request, in milliseconds. */
  readonly latency = new Summary();
  readonly readLatency = new Summary();
  readonly updateLatency = new Summary();
  /** Of the proposals this server made or saw, in bytes. */
  readonly proposals = new Sizes();
  readonly responses = new Sizes();
  packetsReceived = 0;
  packetsSent = 0;
  bytesReceived = 0;
  responseBytes = 0;
  connectionRequests = 0;
  /** Clients that came back with their session. */
  connectionRevalidations = 0;
  /** Connections refused or dropped by a limit. */
  connectionsRejected = 0;
  /** Connections that were given up because they never asked for a session. */
  sessionlessExpired = 0;
  /** Sessions whose time this server, alone or as leader, found to be over. */
  sessionsExpired = 0;

  request(latencyMs: number, update: boolean): void {
    this.latency.add(latencyMs);
    (update ? this.updateLatency : this.readLatency).add(latencyMs);
  }

  response(bytes: number): void {
    this.packetsSent++;
    this.responseBytes += bytes;
    this.responses.add(bytes);
  }

  /** `srst` */
  reset(): void {
    for (const each of [this.latency, this.readLatency, this.updateLatency]) each.reset();
    this.proposals.reset();
    this.responses.reset();
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.bytesReceived = 0;
    this.responseBytes = 0;
    this.connectionRequests = 0;
    this.connectionRevalidations = 0;
    this.connectionsRejected = 0;
    this.sessionlessExpired = 0;
    this.sessionsExpired = 0;
  }
}
