/**
 * Gets Apache ZooKeeper for the interop tests and the benchmarks: its jars from Maven Central by the ordinary `mvn` client,
 * kept in a folder under the system's temp directory, never in the repository.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface ApacheJars {
  readonly version: string;
  /** For `java -cp`. */
  readonly classPath: string;
}

/** The version whose behaviour is the reference: Storm 2.8 is built against the 3.8 line. */
export const apacheZooKeeperVersion = "3.8.4";

/**
 * The jars, fetched on the first call of a machine (a few seconds and 5 MB). Rejects when `mvn` is missing or fails; its
 * last lines are in the message.
 */
export async function apacheZooKeeperJars(version = apacheZooKeeperVersion): Promise<ApacheJars> {
  const folder = join(tmpdir(), `storm-lab-apache-zookeeper-${version}`);
  if (!(await hasJars(folder))) await fetchJars(version, folder);
  return { version, classPath: join(folder, "*") };
}

/** A generous bound: the first run of Maven on a machine also fetches its own plug-ins. */
const fetchDeadlineMs = 300_000;

async function hasJars(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => name.startsWith("zookeeper-jute-"));
}

async function fetchJars(version: string, folder: string): Promise<void> {
  const work = await mkdtemp(`${folder}-`);
  try {
    await mkdir(join(work, "jars"));
    await writeFile(join(work, "pom.xml"), projectFile(version));
    const args = ["-B", "-q", "-f", join(work, "pom.xml"), "dependency:copy-dependencies", "-DincludeScope=runtime"];
    await promisify(execFile)("mvn", [...args, `-DoutputDirectory=${join(work, "jars")}`], {
      timeout: fetchDeadlineMs,
    });
    // Two runs may fetch at once: the first to finish wins, the other uses its jars.
    await rename(join(work, "jars"), folder).catch(async (error: unknown) => {
      if (!(await hasJars(folder))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * ZooKeeper's own pom declares metrics, snappy and the shell's libraries as "provided": a distribution brings them, Maven
 * does not, so they are named here (the versions that 3.8.4 was built with).
 */
function projectFile(version: string): string {
  const dependencies = [
    ["org.apache.zookeeper", "zookeeper", version],
    ["io.dropwizard.metrics", "metrics-core", "4.1.12.1"],
    ["org.xerial.snappy", "snappy-java", "1.1.10.5"],
    ["commons-cli", "commons-cli", "1.5.0"],
    ["jline", "jline", "2.14.6"],
  ].map(
    ([group, artifact, wanted]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${wanted}</version></dependency>`,
  );
  return `<project><modelVersion>4.0.0</modelVersion><groupId>storm-lab</groupId><artifactId>apache-zookeeper</artifactId>
<version>1</version><packaging>pom</packaging><dependencies>${dependencies.join("\n")}</dependencies></project>\n`;
}
