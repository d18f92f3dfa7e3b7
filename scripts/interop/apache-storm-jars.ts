/** Apache Storm's jars, for the interop tests and the benchmarks. */
import { mavenJars } from "./maven-jars.ts";

const apacheStormVersion = "2.8.2";

/** The folder with all that its daemons and clients need. */
export function apacheStormJars(): Promise<string> {
  const version = apacheStormVersion;
  return mavenJars(`apache-storm-${version}`, [{ group: "org.apache.storm", artifact: "storm-server", version }]);
}

/** The classes of Storm's command line: `list`, `kill` and the like. Beside them, the daemons' jars are needed. */
export function apacheStormCommandJars(): Promise<string> {
  const core = { group: "org.apache.storm", artifact: "storm-core", version: apacheStormVersion, alone: true };
  const options = { group: "commons-cli", artifact: "commons-cli", version: "1.9.0" };
  const guava = { group: "com.google.guava", artifact: "guava", version: "33.3.1-jre", alone: true };
  return mavenJars(`apache-storm-commands-${apacheStormVersion}`, [core, options, guava]);
}
