/** Apache Storm's nimbus as a process on loopback: the user of a ZooKeeper that matters most here. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apacheStormJars } from "./apache-storm-jars.ts";

export interface NimbusOptions {
  /** Configuration, data and logs go there. */
  readonly folder: string;
  readonly zooKeeperHosts: readonly string[];
  /** One for all hosts: Storm knows no other way. */
  readonly zooKeeperPort: number;
  readonly sessionTimeoutMs: number;
  /** As the other daemons shall see it; two nimbuses need two names. */
  readonly hostName: string;
  readonly thriftPort: number;
}

/** The words that start it; it logs to standard output. */
export async function nimbusCommand(options: NimbusOptions): Promise<readonly string[]> {
  const jars = await apacheStormJars();
  const conf = join(options.folder, "conf");
  const logs = join(options.folder, "logs");
  for (const folder of [conf, logs]) await mkdir(folder, { recursive: true });
  const lines = {
    "storm.zookeeper.servers": options.zooKeeperHosts,
    "storm.zookeeper.port": options.zooKeeperPort,
    "storm.zookeeper.session.timeout": options.sessionTimeoutMs,
    "storm.zookeeper.connection.timeout": options.sessionTimeoutMs,
    "nimbus.seeds": [options.hostName],
    "nimbus.thrift.port": options.thriftPort,
    "storm.local.hostname": options.hostName,
    "storm.local.dir": join(options.folder, "local"),
  };
  const yaml = Object.entries(lines).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  await writeFile(join(conf, "storm.yaml"), `${yaml.join("\n")}\n`);
  const properties = [
    `-Dstorm.home=${options.folder}`,
    `-Dstorm.log.dir=${logs}`,
    "-Dstorm.options=",
    "-Dstorm.conf.file=",
  ];
  const java = ["java", "-cp", `${join(jars, "*")}:${conf}`, "-Xmx256m", "-XX:TieredStopAtLevel=1", ...properties];
  return [...java, "org.apache.storm.daemon.nimbus.Nimbus"];
}
