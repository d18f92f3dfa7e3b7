/** What only the nimbus that leads may write. Every write is one transaction with the check that it still leads. */
import { Assignment, Credentials, LogConfig, ProfileRequest, StormBase } from "../wire/thrift/index.ts";
import type { Paths } from "./paths.ts";
import { encodeValue, encodeVersion } from "./values.ts";
import type { Znodes } from "./znodes.ts";

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

  setAssignment(id: string, assignment: Assignment): Promise<void> {
    return this.#znodes.put(this.#paths.assignment(id), encodeValue(Assignment, assignment));
  }

  removeAssignment(id: string): Promise<void> {
    return this.#znodes.deleteTree(this.#paths.assignment(id));
  }

  /** The topology is no more. Its base goes last, so that a leader that dies here is followed by one that goes on. */
  async removeStorm(id: string): Promise<void> {
    await this.removeAssignment(id);
    await this.#znodes.deleteTree(this.#paths.credentials(id));
    await this.#znodes.deleteTree(this.#paths.logConfig(id));
    await this.#znodes.deleteTree(this.#paths.profilerConfigs(id));
    await this.#znodes.deleteTree(this.#paths.storm(id));
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
