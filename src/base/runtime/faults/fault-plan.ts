/** Which nodes a cluster has, and which faults lie between them: a small file that every process of the cluster reads. Pure. */

export interface FaultPlan {
  readonly v: 1;
  readonly nodes: readonly FaultNode[];
  readonly faults: readonly NetworkFault[];
}

/** How the processes of a node are reached. */
export interface FaultNode {
  readonly name: string;
  /** Addresses that are the node's alone. */
  readonly hosts: readonly string[];
  /** `host:port` where several nodes share an address. */
  readonly places: readonly string[];
}

/** Between each node of `a` and each of `b`, both ways. */
export interface NetworkFault {
  readonly id: number;
  readonly kind: "partition" | "delay";
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** Of a delay; one way. */
  readonly delayMs: number;
}

/** What becomes of bytes on their way. */
export interface GateState {
  /** They wait until the fault is over. */
  readonly cut: boolean;
  readonly delayMs: number;
}

export const openGate: GateState = { cut: false, delayMs: 0 };

/** Throws when the text is not a plan. */
export function parseFaultPlan(text: string): FaultPlan {
  const plan = JSON.parse(text) as FaultPlan;
  if (plan.v !== 1 || !Array.isArray(plan.nodes) || !Array.isArray(plan.faults)) throw new Error("no fault plan");
  return plan;
}

/** The node that listens there; null: none of the cluster's. */
export function nodeAt({ nodes }: FaultPlan, host: string, port: number): string | null {
  const place = `${host}:${port}`;
  return nodes.find(({ hosts, places }) => places.includes(place) || hosts.includes(host))?.name ?? null;
}

export function gateBetween({ faults }: FaultPlan, own: string, other: string): GateState {
  const between = faults.filter(
    ({ a, b }) => own !== other && ((a.includes(own) && b.includes(other)) || (b.includes(own) && a.includes(other))),
  );
  if (between.length === 0) return openGate;
  return {
    cut: between.some(({ kind }) => kind === "partition"),
    delayMs: between.reduce((sum, { kind, delayMs }) => sum + (kind === "delay" ? delayMs : 0), 0),
  };
}
