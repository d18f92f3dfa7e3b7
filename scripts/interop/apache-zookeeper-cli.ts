/**
 * Apache ZooKeeper by hand: `node scripts/interop/apache-zookeeper-cli.ts [--servers N] [--ports P1,P2,…] [--folder DIR]`
 * starts the servers in front, prints how to reach them and who leads, and ends them at Ctrl-C.
 */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { startApacheZooKeeper } from "./apache-zookeeper.ts";

const { values } = parseArgs({
  options: { servers: { type: "string", default: "1" }, ports: { type: "string" }, folder: { type: "string" } },
});
await using ensemble = await startApacheZooKeeper({
  servers: Number(values.servers),
  ...(values.ports === undefined ? {} : { clientPorts: values.ports.split(",").map(Number) }),
  ...(values.folder === undefined ? {} : { folder: values.folder }),
});
const leader = await ensemble.leader();
process.stdout.write(
  `${ensemble.connectString} leader=${leader.id} pids=${ensemble.servers.map((one) => one.pid).join(",")}\n`,
);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
