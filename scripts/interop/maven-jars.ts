/**
 * Gets jars from Maven Central by the ordinary `mvn` client into a folder under the system's temp directory, never into the
 * repository. For tests and benchmarks beside other people's programs.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface MavenArtifact {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  /** Without what it needs: for a jar whose needs another one brings, or that are in no registry at hand. Default: with it. */
  readonly alone?: boolean;
}

/**
 * The folder with the artifacts and all that they need at run time, fetched on the first call of a machine. `name` is the
 * folder's. Rejects when `mvn` is missing or fails; its last lines are in the message.
 */
export async function mavenJars(name: string, artifacts: readonly MavenArtifact[]): Promise<string> {
  const folder = join(tmpdir(), `storm-lab-${name}`);
  const first = artifacts[0];
  const wanted = `${first?.artifact}-${first?.version}.jar`;
  const there = async () => (await readdir(folder).catch((): string[] => [])).includes(wanted);
  if (await there()) return folder;
  const work = await mkdtemp(`${folder}-`);
  try {
    await mkdir(join(work, "jars"));
    await writeFile(join(work, "pom.xml"), projectFile(artifacts));
    const args = ["-B", "-q", "-f", join(work, "pom.xml"), "dependency:copy-dependencies", "-DincludeScope=runtime"];
    await promisify(execFile)("mvn", [...args, `-DoutputDirectory=${join(work, "jars")}`], {
      timeout: fetchDeadlineMs,
    });
    // Two runs may fetch at once: the first to finish wins, the other uses its jars.
    await rename(join(work, "jars"), folder).catch(async (error: unknown) => {
      if (!(await there())) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** A generous bound: the first run of Maven on a machine also fetches its own plug-ins. */
const fetchDeadlineMs = 300_000;

function projectFile(artifacts: readonly MavenArtifact[]): string {
  const all = "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>";
  const dependencies = artifacts.map(({ group, artifact, version, alone }) => {
    const names = `<groupId>${group}</groupId><artifactId>${artifact}</artifactId>`;
    return `<dependency>${names}<version>${version}</version>${alone === true ? all : ""}</dependency>`;
  });
  return `<project><modelVersion>4.0.0</modelVersion><groupId>storm-lab</groupId><artifactId>jars</artifactId>
<version>1</version><packaging>pom</packaging><dependencies>${dependencies.join("\n")}</dependencies></project>\n`;
}
