/** The live cluster as checks ask it: Storm's REST API, its processes, what its workers have published, their logs, function calls. */
import {
  type ClusterLayout,
  listProcesses,
  type Place,
  type ProcessRow,
  uiUrls,
  workerResults,
} from "../../provision/index.ts";
import { exitCodes, isStormLabError, StormLabError } from "../../src/base/index.ts";
import { DRPCClient, UiClient, type UiTopology } from "../../src/client/index.ts";

/** What one worker's tasks have published. */
export interface WorkerCounts {
  /** By the name under which it was published; one value a task. */
  readonly results: Readonly<Record<string, readonly unknown[]>>;
  /** What its tasks have done so far, exactly: nothing is sampled. */
  readonly tasks: readonly {
    readonly componentId: string;
    readonly kind: "spout" | "bolt";
    readonly taskId: number;
    readonly emitted: number;
    readonly executed: number;
    readonly acked: number;
    readonly failed: number;
    /** Of a spout: neither acked nor failed. */
    readonly pending: number;
  }[];
}

const callMs = 10_000;

export class LabCluster {
  readonly place: Place;
  readonly layout: ClusterLayout;
  readonly #signal: AbortSignal;

  constructor(place: Place, layout: ClusterLayout, signal: AbortSignal) {
    this.place = place;
    this.layout = layout;
    this.#signal = signal;
  }

  get name(): string {
    return this.layout.spec.name;
  }

  /** Throws SL-LAB-NEEDS when the cluster has none. */
  get ui(): UiClient {
    const [url] = uiUrls(this.layout);
    if (url === undefined) throw noUi(this.name);
    return new UiClient({ runtime: this.place.runtime, url });
  }

  processes(): Promise<ProcessRow[]> {
    return listProcesses(this.place, this.layout);
  }

  /** Of a topology that is not being killed; all of them without a name. */
  async workers(topology: string): Promise<ProcessRow[]> {
    const running = await this.topology(topology);
    if (running === null) return [];
    return (await this.processes()).filter((row) => row.topology === running.id && row.state !== "stopped");
  }

  /** Null: none of this name runs. */
  async topology(name: string): Promise<UiTopology | null> {
    const { ui } = this;
    const { topologies } = await ui.get("topology/summary", { signal: this.#signal });
    const found = topologies.find((each) => each.name === name && each.status !== "KILLED");
    if (found === undefined) return null;
    try {
      return await ui.topology(found.id, { signal: this.#signal });
    } catch (error) {
      // It was killed between the two questions.
      if (isStormLabError(error, "SL-UI-REFUSED")) return null;
      throw error;
    }
  }

  /** What the workers of a topology have published, one entry a worker. */
  async published(topologyId: string): Promise<WorkerCounts[]> {
    const texts = await workerResults(this.place, this.layout, topologyId);
    return texts.map((text) => (JSON.parse(text) as { readonly report: WorkerCounts }).report);
  }

  /** The last part of a worker's log. */
  async workerLog(topologyId: string, host: string, port: number): Promise<string> {
    const query = { file: `${topologyId}/${port}/worker.log`, host };
    return (await this.ui.log("log", { query, signal: this.#signal })).text;
  }

  /** The result of a function call; null when it was not answered. */
  async call(fn: string, argument: string): Promise<string | null> {
    const { nodes, ports } = this.layout;
    await using client = new DRPCClient(nodes[0]?.address ?? "127.0.0.1", ports.drpc);
    return client.execute(fn, argument, { timeoutMs: callMs }).catch(() => null);
  }
}

function noUi(name: string): StormLabError {
  return new StormLabError({
    code: "SL-LAB-NEEDS",
    what: `the cluster ${name} has no UI`,
    why: "checks ask it what happens on the cluster",
    hint: `storm-lab scale ui=1 --cluster ${name}`,
    exitCode: exitCodes.preflight,
  });
}
