/**
 * The states of a topology and what each event does in each of them, as a table. What is not in it is refused when a user asks for
 * it, and does nothing when it comes of itself. Source: TOPO_STATE_TRANSITIONS of Storm 2.8's Nimbus.
 */
import type { TopologyStatus } from "../wire/thrift/index.ts";

/** The first four come from users, the others from nimbus itself: after a delay, or when it begins to lead. */
export type TopologyEvent =
  | "ACTIVATE"
  | "INACTIVATE"
  | "REBALANCE"
  | "KILL"
  | "DO_REBALANCE"
  | "REMOVE"
  | "GAIN_LEADERSHIP";

export type Transition =
  /** It is so already. */
  | "nothing"
  | "activate"
  | "inactivate"
  /** Status KILLED, and REMOVE after the delay. */
  | "kill"
  /** Status REBALANCING, and DO_REBALANCE after the delay. */
  | "rebalance"
  /** New numbers, a schedule from scratch, and the status before. */
  | "do-rebalance"
  | "remove"
  /** A new leader waits the whole delay again: how long the old one has waited nobody knows. */
  | "delay-remove"
  | "delay-do-rebalance";

type Row = Readonly<Partial<Record<TopologyEvent, Transition>>>;

export const transitions: Readonly<Record<TopologyStatus, Row>> = {
  ACTIVE: { ACTIVATE: "nothing", INACTIVATE: "inactivate", REBALANCE: "rebalance", KILL: "kill" },
  INACTIVE: { ACTIVATE: "activate", INACTIVATE: "nothing", REBALANCE: "rebalance", KILL: "kill" },
  REBALANCING: { KILL: "kill", DO_REBALANCE: "do-rebalance", GAIN_LEADERSHIP: "delay-do-rebalance" },
  KILLED: { KILL: "kill", REMOVE: "remove", GAIN_LEADERSHIP: "delay-remove" },
};
