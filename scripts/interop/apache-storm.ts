/** Apache Storm's daemons as processes on loopback: the user of a ZooKeeper that matters most here. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apacheStormJars } from "./apache-storm-jars.ts";

export interface ApacheStormOptions {
  /** Configuration, data and logs go there. */
  readonly folder: string;
  readonly zooKeeperHosts: readonly string[];
  /** One for all hosts: Storm knows no other way. */
  readonly zooKeeperPort: number;
  readonly sessionTimeoutMs: number;
  /** As the other daemons shall see it; two nimbuses need two names. */
  readonly hostName: string;
  /** Of nimbus. */
  readonly thriftPort: number;
  /** Further lines of storm.yaml. */
  readonly conf?: Readonly<Record<string, unknown>>;
}

/** Words that start programs; each logs to standard output. */
export interface ApacheStorm {
  readonly nimbus: readonly string[];
  readonly supervisor: readonly string[];
  /** What `storm jar` runs. */
  submit(jar: string, mainClass: string, args: readonly string[]): readonly string[];
}

/** Lays a home for the daemons of one node. */
export async function prepareApacheStorm(options: ApacheStormOptions): Promise<ApacheStorm> {
  const jars = await apacheStormJars();
  const conf = join(options.folder, "conf");
  const log4j = join(options.folder, "log4j2");
  for (const folder of [conf, log4j, join(options.folder, "logs")]) await mkdir(folder, { recursive: true });
  // Where a supervisor looks for what its workers run.
  await symlink(jars, join(options.folder, "lib-worker"));
  await writeFile(join(log4j, "worker.xml"), workerLogging);
  await writeFile(join(conf, "storm.yaml"), stormYaml(options, log4j));
  const properties = [
    `-Dstorm.home=${options.folder}`,
    `-Dstorm.log.dir=${join(options.folder, "logs")}`,
    "-Dstorm.options=",
    "-Dstorm.conf.file=",
  ];
  const java = (classPath: string): string[] => ["java", "-cp", classPath, ...smallJvm, ...properties];
  const daemon = java(`${join(jars, "*")}:${conf}`);
  return {
    nimbus: [...daemon, "org.apache.storm.daemon.nimbus.Nimbus"],
    supervisor: [...daemon, "org.apache.storm.daemon.supervisor.Supervisor"],
    submit: (jar, mainClass, args) => [
      ...java(`${join(jars, "*")}:${jar}:${conf}`),
      `-Dstorm.jar=${jar}`,
      mainClass,
      ...args,
    ],
  };
}

const smallJvm = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

const workerLogging = `<configuration><appenders>
<File name="WORKER" fileName="\${sys:workers.artifacts}/\${sys:storm.id}/\${sys:worker.port}/worker.log">
<PatternLayout><pattern>%d %c{1.} %t [%p] %msg%n</pattern></PatternLayout></File>
</appenders><loggers><root level="info"><appender-ref ref="WORKER"/></root></loggers></configuration>
`;

function stormYaml(options: ApacheStormOptions, log4j: string): string {
  const lines = {
    "storm.zookeeper.servers": options.zooKeeperHosts,
    "storm.zookeeper.port": options.zooKeeperPort,
    "storm.zookeeper.session.timeout": options.sessionTimeoutMs,
    "storm.zookeeper.connection.timeout": options.sessionTimeoutMs,
    "nimbus.seeds": [options.hostName],
    "nimbus.thrift.port": options.thriftPort,
    "storm.local.hostname": options.hostName,
    "storm.local.dir": join(options.folder, "local"),
    "storm.log4j2.conf.dir": log4j,
    "worker.childopts": smallJvm.join(" "),
    ...options.conf,
  };
  return `${Object.entries(lines)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join("\n")}\n`;
}
