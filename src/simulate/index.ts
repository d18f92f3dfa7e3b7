/** Whole clusters in a simulated world, their faults, and whether they keep their promises. */
export { paceFor, slotPorts } from "./cluster-conf.ts";
export { type FaultKind, faultKinds, type SimulationEvent, type SimulationReport } from "./events.ts";
export { simulate } from "./simulate.ts";
export { SimulatedCluster } from "./simulated-cluster.ts";
export { SimulatedZooKeeper } from "./simulated-zookeeper.ts";
export { Student } from "./student.ts";
export { checkLine, english, eventLine } from "./words.ts";
