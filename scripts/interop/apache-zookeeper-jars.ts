/** Apache ZooKeeper's jars, for the interop tests and the benchmarks. */
import { join } from "node:path";
import { mavenJars } from "./maven-jars.ts";

export interface ApacheJars {
  readonly version: string;
  /** For `java -cp`. */
  readonly classPath: string;
}

/** The version whose behaviour is the reference: Storm 2.8 is built against the 3.8 line. */
export const apacheZooKeeperVersion = "3.8.4";

/**
 * ZooKeeper's own pom declares metrics, snappy and the shell's libraries as "provided": a distribution brings them, Maven
 * does not, so they are named here (the versions that 3.8.4 was built with).
 */
export async function apacheZooKeeperJars(version = apacheZooKeeperVersion): Promise<ApacheJars> {
  const folder = await mavenJars(`apache-zookeeper-${version}`, [
    { group: "org.apache.zookeeper", artifact: "zookeeper", version },
    { group: "io.dropwizard.metrics", artifact: "metrics-core", version: "4.1.12.1" },
    { group: "org.xerial.snappy", artifact: "snappy-java", version: "1.1.10.5" },
    { group: "commons-cli", artifact: "commons-cli", version: "1.5.0" },
    { group: "jline", artifact: "jline", version: "2.14.6" },
  ]);
  return { version, classPath: join(folder, "*") };
}
