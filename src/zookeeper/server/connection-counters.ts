/** What `cons` and `stat` tell of one connection. Source: ServerCnxn of ZooKeeper 3.8. */
import { opCode } from "../../wire/zookeeper/index.ts";

export class ConnectionCounters {
  packetsReceived = 0;
  packetsSent = 0;
  lastOp = "NA";
  lastCxid = 0;
  lastZxid = 0;
  lastLatencyMs = 0;
  #minLatencyMs = Number.POSITIVE_INFINITY;
  maxLatencyMs = 0;
  #totalLatencyMs = 0;
  #answeredCount = 0;

  answered(type: number, xid: number, zxid: number, latencyMs: number): void {
    this.lastOp = opNames.get(type) ?? "NA";
    this.lastCxid = xid;
    this.lastZxid = zxid;
    this.lastLatencyMs = latencyMs;
    this.#totalLatencyMs += latencyMs;
    this.#answeredCount++;
    if (latencyMs < this.#minLatencyMs) this.#minLatencyMs = latencyMs;
    if (latencyMs > this.maxLatencyMs) this.maxLatencyMs = latencyMs;
  }

  get minLatencyMs(): number {
    return this.#answeredCount === 0 ? 0 : this.#minLatencyMs;
  }

  get averageLatencyMs(): number {
    return this.#answeredCount === 0 ? 0 : Math.round(this.#totalLatencyMs / this.#answeredCount);
  }

  /** `crst` */
  reset(): void {
    this.packetsReceived = 0;
    this.packetsSent = 0;
    this.lastOp = "NA";
    this.#minLatencyMs = Number.POSITIVE_INFINITY;
    this.maxLatencyMs = 0;
    this.#totalLatencyMs = 0;
    this.#answeredCount = 0;
  }
}

/** Short names of `cons`: Request.op2String of 3.8 as the first four letters of its processor's name. */
const opNames = new Map<number, string>([
  [opCode.ping, "PING"],
  [opCode.create, "CREA"],
  [opCode.create2, "CREA"],
  [opCode.createContainer, "CREA"],
  [opCode.createTtl, "CREA"],
  [opCode.delete, "DELE"],
  [opCode.exists, "EXIS"],
  [opCode.getData, "GETD"],
  [opCode.setData, "SETD"],
  [opCode.getAcl, "GETA"],
  [opCode.setAcl, "SETA"],
  [opCode.getChildren, "GETC"],
  [opCode.getChildren2, "GETC"],
  [opCode.sync, "SYNC"],
  [opCode.multi, "MULT"],
  [opCode.multiRead, "MLTR"],
  [opCode.setWatches, "SETW"],
  [opCode.setWatches2, "STW2"],
  [opCode.addWatch, "ADDW"],
  [opCode.removeWatches, "REMW"],
  [opCode.checkWatches, "CHKW"],
  [opCode.getEphemerals, "GETE"],
  [opCode.getAllChildrenNumber, "GETACN"],
  [opCode.whoAmI, "WHOAMI"],
  [opCode.createSession, "SESS"],
  [opCode.closeSession, "CLOS"],
]);
