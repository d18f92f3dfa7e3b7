/** Three of our servers keep the contract that three of Apache's keep. */
import { ownSessionAdapter } from "../../../src/zookeeper/index.ts";
import { describeContract } from "./contract.ts";
import { ensembleRules } from "./ensemble-rules.ts";
import { startOurs } from "./ours.ts";

describeContract("three servers", () => startOurs(3), ensembleRules, [ownSessionAdapter]);
