/** What happens on a cluster, as data: the event stream, the page and the dashboard tell of it in words. */

export interface Place {
  readonly host: string;
  readonly port: number;
}

export type Happening =
  | { readonly event: "nimbus-joined"; readonly host: string; readonly port: number }
  | { readonly event: "nimbus-lost"; readonly host: string; readonly port: number }
  | { readonly event: "leader-elected"; readonly host: string; readonly port: number }
  | { readonly event: "leader-lost"; readonly host: string; readonly port: number }
  | { readonly event: "supervisor-joined"; readonly id: string; readonly host: string; readonly slots: number }
  | { readonly event: "supervisor-lost"; readonly id: string; readonly host: string }
  | {
      readonly event: "topology-submitted";
      readonly id: string;
      readonly name: string;
      readonly status: string;
      readonly workers: number;
    }
  | {
      readonly event: "topology-status";
      readonly id: string;
      readonly name: string;
      readonly from: string;
      readonly status: string;
    }
  | { readonly event: "topology-removed"; readonly id: string; readonly name: string }
  | {
      readonly event: "topology-scheduled";
      readonly id: string;
      readonly given: readonly Place[];
      readonly taken: readonly Place[];
    }
  | { readonly event: "worker-started"; readonly id: string; readonly place: Place; readonly executors: number }
  | { readonly event: "worker-ended"; readonly id: string; readonly place: Place }
  | {
      /** One of those that are followed, a second at most for each topology. */
      readonly event: "tuple-sampled";
      readonly id: string;
      readonly component: string;
      readonly root: string;
      readonly messageId: string;
      readonly values: string;
    }
  | {
      readonly event: "error";
      readonly id: string;
      readonly component: string;
      /** Its first line. */
      readonly error: string;
      readonly place: Place | null;
    };

/** `seq` counts from 1 in each life of the daemon that tells; `atMs`: when it was seen, milliseconds since 1970. */
export type ClusterEvent = { readonly seq: number; readonly atMs: number } & Happening;
