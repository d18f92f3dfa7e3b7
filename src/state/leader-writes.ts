/** What only the nimbus that leads may write. Every write is one transaction with the check that it still leads. */
import { Assignment, Credentials, LogConfig, ProfileRequest, StormBase } from "../wire/thrift/index.ts";
import type { MultiPart } from "../zookeeper/index.ts";
import type { Paths } from "./paths.ts";
import { stateError } from "./state-errors.ts";
import { encodeValue, encodeVersion } from "./values.ts";
import type { Znodes } from "./znodes.ts";

export interface AssignmentChange {
  readonly id: string;
  readonly assignment: Assignment;
  /** It had none. */
  readonly isNew: boolean;
}

const attemptsMax = 8;
/** Half of what a request to ZooKeeper may have. */
const transactionBytesMax = 512 * 1024;

/** All throw SL-STATE-NOT-LEADER once another nimbus may lead, and SL-ZK-SESSION-EXPIRED. A topology id is called id. */
export class LeaderWrites {
  readonly #znodes: Znodes;
  readonly #paths: Paths;

  /** `znodes` writes behind the barrier of a leadership. */
  constructor(znodes: Znodes, paths: Paths) {
    this.#znodes = znodes;
    this.#paths = paths;
  }

  /** The folders for what its workers will report. */
  async setupTopology(id: string): Promise<void> {
    await this.#znodes.makePath(this.#paths.workerBeats(id));
    await this.#znodes.makePath(this.#paths.errorsOf(id));
  }

  /** False: there is one. */
  createStorm(id: string, base: StormBase): Promise<boolean> {
    return this.#znodes.create(this.#paths.storm(id), encodeValue(StormBase, base));
  }

  /** False: it was changed or removed since this version was read. */
  replaceStorm(id: string, base: StormBase, version: number): Promise<boolean> {
    return this.#znodes.replace(this.#paths.storm(id), encodeValue(StormBase, base), version);
  }

  /** False: there is no such topology any more, and no assignment of it was written. */
  async setAssignment(id: string, assignment: Assignment): Promise<boolean> {
    const path = this.#paths.assignment(id);
    const data = encodeValue(Assignment, assignment);
    const alive = { op: "check" as const, path: this.#paths.storm(id) };
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const changed = await this.#znodes.transact([alive, { op: "setData", path, data }]);
      if (changed === null) return true;
      if (changed.failed === 0) return false;
      const made = await this.#znodes.transact([alive, { op: "create", path, data }]);
      if (made === null) return true;
      if (made.failed === 0) return false;
      if (made.error === "SL-ZK-NO-NODE") await this.#znodes.makePath(this.#paths.base("assignments"));
    }
    throw stateError("SL-STATE-CONTENDED", `${path} was made and deleted by others again and again`);
  }

  /**
   * All of them in one transaction, so that nobody ever sees a slot with two owners; beyond what a transaction holds, in several. False:
   * the cluster is not as it was looked at, and some may not be written; or they are, and the answer was lost. Look again.
   */
  async setAssignments(changes: readonly AssignmentChange[]): Promise<boolean> {
    const parts = changes.map(({ id, assignment, isNew }): readonly MultiPart[] => [
      { op: "check", path: this.#paths.storm(id) },
      { op: isNew ? "create" : "setData", path: this.#paths.assignment(id), data: encodeValue(Assignment, assignment) },
    ]);
    for (const batch of batches(parts)) if ((await this.#znodes.transact(batch)) !== null) return false;
    return true;
  }

  /** Of a topology that is gone. */
  removeAssignment(id: string): Promise<void> {
    return this.#znodes.deleteTree(this.#paths.assignment(id));
  }

  /** The topology is no more. Its base and its assignment go in one transaction, and no assignment can come after it. */
  async removeStorm(id: string): Promise<void> {
    await this.#znodes.deleteTree(this.#paths.credentials(id));
    await this.#znodes.deleteTree(this.#paths.logConfig(id));
    await this.#znodes.deleteTree(this.#paths.profilerConfigs(id));
    const base = { op: "delete" as const, path: this.#paths.storm(id) };
    const assignment = { op: "delete" as const, path: this.#paths.assignment(id) };
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const both = await this.#znodes.transact([base, assignment]);
      if (both === null) return;
      if (both.failed === 0) {
        await this.removeAssignment(id);
        return;
      }
      if ((await this.#znodes.read(assignment.path)) === null && (await this.#znodes.transact([base])) === null) return;
    }
    throw stateError("SL-STATE-CONTENDED", `${base.path} could not be deleted: others write there`);
  }

  /** What its workers have left. */
  async removeRemains(id: string): Promise<void> {
    await this.#znodes.deleteTree(this.#paths.workerBeats(id));
    await this.#znodes.deleteTree(this.#paths.errorsOf(id));
    await this.#znodes.deleteTree(this.#paths.backpressure(id));
  }

  setCredentials(id: string, credentials: Credentials): Promise<void> {
    return this.#znodes.put(this.#paths.credentials(id), encodeValue(Credentials, credentials));
  }

  setLogConfig(id: string, config: LogConfig): Promise<void> {
    return this.#znodes.put(this.#paths.logConfig(id), encodeValue(LogConfig, config));
  }

  setProfileRequest(id: string, request: ProfileRequest): Promise<void> {
    const path = this.#paths.profilerConfig(id, request);
    return this.#znodes.put(path, encodeValue(ProfileRequest, request));
  }

  /** The highest that a blob ever had. */
  setBlobMaxVersion(key: string, version: number): Promise<void> {
    return this.#znodes.put(this.#paths.blobMaxVersion(key), encodeVersion(version));
  }

  async removeBlob(key: string): Promise<void> {
    await this.#znodes.deleteTree(this.#paths.blobMaxVersion(key));
    await this.#znodes.deleteTree(this.#paths.blob(key));
  }
}

/** Put together to as many as a transaction holds. */
function* batches(changes: readonly (readonly MultiPart[])[]): Iterable<readonly MultiPart[]> {
  let batch: MultiPart[] = [];
  let bytes = 0;
  for (const parts of changes) {
    const more = parts.reduce(
      (sum, part) => sum + ("data" in part ? (part.data?.length ?? 0) : 0) + part.path.length,
      0,
    );
    if (batch.length > 0 && bytes + more > transactionBytesMax) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(...parts);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}
