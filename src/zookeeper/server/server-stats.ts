/** Counters of a server as `srvr`, `stat` and `mntr` show them. Source: ServerStats of ZooKeeper 3.8. */

export class ServerStats {
  packetsReceived = 0;
  packetsSent = 0;
  #latencyMsTotal = 0;
  #latencyCount = 0;
  #latencyMsMin = Number.POSITIVE_INFINITY;
  latencyMsMax = 0;
  /** Connections refused or dropped by a limit. */
  connectionsRejected = 0;
  sessionsExpired = 0;
  /** Bytes of the proposals this server made or saw. */
  proposalBytesLast = -1;
  proposalBytesMin = -1;
  proposalBytesMax = -1;

  request(latencyMs: number): void {
    this.#latencyMsTotal += latencyMs;
    this.#latencyCount++;
    if (latencyMs < this.#latencyMsMin) this.#latencyMsMin = latencyMs;
    if (latencyMs > this.latencyMsMax) this.latencyMsMax = latencyMs;
  }

  proposal(bytes: number): void {
    this.proposalBytesLast = bytes;
    if (this.proposalBytesMin < 0 || bytes < this.proposalBytesMin) this.proposalBytesMin = bytes;
    if (bytes > this.proposalBytesMax) this.proposalBytesMax = bytes;
  }

  get latencyMsMin(): number {
    return this.#latencyCount === 0 ? 0 : this.#latencyMsMin;
  }

  get latencyMsAverage(): number {
    return this.#latencyCount === 0 ? 0 : this.#latencyMsTotal / this.#latencyCount;
  }

  reset(): void {
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.#latencyMsTotal = 0;
    this.#latencyCount = 0;
    this.#latencyMsMin = Number.POSITIVE_INFINITY;
    this.latencyMsMax = 0;
    this.proposalBytesLast = -1;
    this.proposalBytesMin = -1;
    this.proposalBytesMax = -1;
  }
}
