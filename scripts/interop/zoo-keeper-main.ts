/** Apache ZooKeeper's own shell, ZooKeeperMain (what zkCli.sh starts), as a function of commands. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apacheZooKeeperJars } from "./apache-zookeeper-jars.ts";

export interface ShellRun {
  readonly code: number | null;
  readonly stdout: string;
  /** What it says of failed commands. */
  readonly stderr: string;
}

/** Types `commands` into one shell connected to `server`, then quits it. Killed after `deadlineMs`: then the code is null. */
export async function runZooKeeperMain(
  server: string,
  commands: readonly string[],
  deadlineMs = 60_000,
): Promise<ShellRun> {
  const { classPath } = await apacheZooKeeperJars();
  const folder = await mkdtemp(join(tmpdir(), "storm-lab-zkcli-"));
  const silence = join(folder, "logback.xml");
  await writeFile(silence, '<configuration><root level="OFF"/></configuration>');
  const main = "org.apache.zookeeper.ZooKeeperMain";
  const options = ["-cp", classPath, "-XX:TieredStopAtLevel=1", `-Dlogback.configurationFile=${silence}`];
  const java = [...options, main, "-waitforconnection", "-timeout", "10000", "-server", server];
  const child = spawn("java", java, { stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const killer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  child.stdin.end(`${[...commands, "quit"].join("\n")}\n`);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { code, stdout, stderr };
  } finally {
    clearTimeout(killer);
    await rm(folder, { recursive: true, force: true });
  }
}
