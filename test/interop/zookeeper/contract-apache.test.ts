/** Apache ZooKeeper keeps the contract that our server is held to. */

import { test } from "node:test";
import { startApacheZooKeeper } from "../../../scripts/interop/apache-zookeeper.ts";
import { loadPackageSessionAdapter, ownSessionAdapter } from "../../../src/zookeeper/index.ts";
import { accessRules } from "../../contract/zookeeper/access-rules.ts";
import { describeContract, tickTimeMs } from "../../contract/zookeeper/contract.ts";
import { countingRules } from "../../contract/zookeeper/counting-rules.ts";
import { ensembleRules } from "../../contract/zookeeper/ensemble-rules.ts";
import { lookingRules } from "../../contract/zookeeper/looking-rules.ts";
import { multiRules } from "../../contract/zookeeper/multi-rules.ts";
import { nodeRules } from "../../contract/zookeeper/node-rules.ts";
import { restartRules } from "../../contract/zookeeper/restart-rules.ts";
import { sessionRules } from "../../contract/zookeeper/session-rules.ts";
import { watchRules } from "../../contract/zookeeper/watch-rules.ts";
import { wireRules } from "../../contract/zookeeper/wire-rules.ts";
import { interopSkipped } from "../interop.ts";

if (interopSkipped) test("Apache ZooKeeper keeps the contract", { skip: interopSkipped });
else await describeAll();

async function describeAll(): Promise<void> {
  const both = [ownSessionAdapter, await loadPackageSessionAdapter()];
  const rules = [...nodeRules, ...watchRules, ...multiRules, ...accessRules, ...sessionRules];
  const start = () => startApacheZooKeeper({ servers: 1, tickTimeMs });
  describeContract("Apache ZooKeeper, one server", start, rules, both);
  describeContract("Apache ZooKeeper, one server, on the wire", start, wireRules, [ownSessionAdapter]);
  describeContract("Apache ZooKeeper, one server, looked into", start, lookingRules, [ownSessionAdapter]);
  describeContract("Apache ZooKeeper, one server, counting", start, countingRules, [ownSessionAdapter]);
  describeContract("Apache ZooKeeper, one server, restarted", start, restartRules, both);
  const three = () => startApacheZooKeeper({ servers: 3, tickTimeMs });
  describeContract("Apache ZooKeeper, three servers", three, ensembleRules, both);
  describeContract("Apache ZooKeeper, three servers, counting", three, countingRules, [ownSessionAdapter]);
}
