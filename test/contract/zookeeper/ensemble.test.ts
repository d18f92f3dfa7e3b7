/** Three of our servers keep the contract that three of Apache's keep. */
import { ownSessionAdapter } from "../../../src/zookeeper/index.ts";
import { describeContract } from "./contract.ts";
import { countingRules } from "./counting-rules.ts";
import { ensembleRules } from "./ensemble-rules.ts";
import { startOurs } from "./ours.ts";

const start = () => startOurs(3);
describeContract("three servers", start, ensembleRules, [ownSessionAdapter]);
describeContract("three servers counting", start, countingRules, [ownSessionAdapter]);
