/** What the children of the process suite do; the same program on both sides. */
import type { Runtime } from "../../../src/base/index.ts";

const forever = new Promise<number>(() => {});

export async function childProgram(
  runtime: Runtime,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const [role, ...rest] = args;
  switch (role) {
    case "exit":
      return Number(rest[0]);
    case "echo":
      return echo(runtime);
    case "say":
      for (const word of rest) runtime.log.info(word);
      return 0;
    case "write":
      await runtime.fs.writeFile(rest[0] ?? "", new TextEncoder().encode(env.STORM_LAB_TEST ?? "unset"));
      return 0;
    case "run":
      runtime.timers.every(1000, () => {});
      return forever;
    case "obey":
      return obey(runtime);
    case "chatter":
      return chatter(runtime);
    case "parent":
      return parent(runtime, rest[0] === "detached");
    default:
      return 99;
  }
}

/** Sends every message back, until it is "enough". */
function echo(runtime: Runtime): Promise<number> {
  const channel = runtime.processes.parentChannel();
  if (channel === null) return Promise.resolve(98);
  return new Promise((resolve) => {
    runtime.timers.every(1000, () => {});
    channel.onMessage((message) => {
      if (message === "enough") resolve(0);
      else channel.send(message);
    });
  });
}

/** Says a word now and then, and ends with 0. */
function chatter(runtime: Runtime): Promise<number> {
  return new Promise((resolve) => {
    let words = 0;
    runtime.timers.every(5, () => {
      runtime.log.info("word");
      if (++words === 40) resolve(0);
    });
  });
}

/** Ends with 7 on SIGTERM. */
function obey(runtime: Runtime): Promise<number> {
  return new Promise((resolve) => {
    runtime.timers.every(1000, () => {});
    runtime.processes.onSignal("SIGTERM", () => resolve(7));
    runtime.processes.parentChannel()?.send("ready");
  });
}

/** Has two children of its own, one with a channel, and says their pids. */
async function parent(runtime: Runtime, detached: boolean): Promise<number> {
  const silent = await runtime.processes.spawn({ program: "storm-lab", args: ["run"], detached });
  const spoken = await runtime.processes.spawn({ program: "storm-lab", args: ["run"], detached, channel: true });
  runtime.processes.parentChannel()?.send([silent.pid, spoken.pid]);
  runtime.timers.every(1000, () => {});
  return forever;
}
