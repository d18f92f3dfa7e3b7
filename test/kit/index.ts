/** What tests share. Every test file may import it; nothing in src/ does. */
export { SimulatedZooKeeper } from "../../src/simulate/index.ts";
export { leaksAmong } from "./leaked-resources.ts";
export {
  type Ended,
  type ProcessOptions,
  RunningProcess,
  repositoryRoot,
  startProcess,
  startStormLab,
} from "./process.ts";
export { type SeedChoice, seeds } from "./seeds.ts";
export { freePort, freePorts, type TemporaryDirectory, temporaryDirectory } from "./temporary.ts";
export { type Counted, deadline, eventually, mustCall } from "./waiting.ts";
export { wordCountThrift } from "./word-count-thrift.ts";
