/** Our server, standing alone, keeps the contract that Apache ZooKeeper keeps. */
import { loadPackageSessionAdapter, ownSessionAdapter } from "../../../src/zookeeper/index.ts";
import { accessRules } from "./access-rules.ts";
import { describeContract } from "./contract.ts";
import { countingRules } from "./counting-rules.ts";
import { lookingRules } from "./looking-rules.ts";
import { multiRules } from "./multi-rules.ts";
import { nodeRules } from "./node-rules.ts";
import { startOurs } from "./ours.ts";
import { restartRules } from "./restart-rules.ts";
import { sessionRules } from "./session-rules.ts";
import { watchRules } from "./watch-rules.ts";
import { wireRules } from "./wire-rules.ts";

const both = [ownSessionAdapter, await loadPackageSessionAdapter()];
const rules = [...nodeRules, ...watchRules, ...multiRules, ...accessRules, ...sessionRules];
const start = () => startOurs(1);
describeContract("one server", start, rules, both);
describeContract("one server on the wire", start, wireRules, [ownSessionAdapter]);
describeContract("one server looked into", start, lookingRules, [ownSessionAdapter]);
describeContract("one server counting", start, countingRules, [ownSessionAdapter]);
describeContract("one server restarted", start, restartRules, both);
