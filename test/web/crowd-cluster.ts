/**
 * A cluster far larger than this machine, for a browser of this machine: `crowd-cluster.ts SUPERVISORS TOPOLOGIES WORKERS`. ZooKeeper,
 * nimbus, supervisors, workers and the ui daemon are the project's own in a simulated world whose time goes as real time does; what a
 * real socket brings is carried to the simulated ui's port, and back. When the machine is too slow, the world is late and nothing else:
 * it cannot tell. Says its address. At SIGUSR2 every fourth worker is killed.
 */
import { readFile } from "node:fs/promises";
import { createServer, type Socket as RealSocket } from "node:net";
import { join } from "node:path";
import type { Runtime, Socket } from "../../src/base/index.ts";
import { realRuntime, SeededRandom } from "../../src/base/index.ts";
import { StormConf } from "../../src/conf/index.ts";
import { paceFor, SimulatedCluster, Student } from "../../src/simulate/index.ts";
import { startUi } from "../../src/ui/index.ts";
import { repositoryRoot } from "../kit/index.ts";

const [nodes = 0, topologies = 0, workers = 0] = process.argv.slice(2).map(Number);
const seed = 1;
const upMsMax = 600_000;
/** Virtual time goes on by so much at once, at most: sockets get their turn in between. */
const stepMs = 20;
const uiHost = "ui";
const uiPort = 8080;

const cluster = new SimulatedCluster({ seed, nodes, nimbuses: 2, zooKeepers: 3, pace: paceFor(nodes) });
const { world } = cluster;

await comeUp();
await serveUi();
const bridge = world.start({ host: "browser", name: "bridge" }).runtime;
const server = createServer({ pauseOnConnect: true }, (socket) => void carry(bridge, socket));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
say(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
process.on("SIGUSR2", strike);
await goOn();

/** As fast as it can: nobody looks yet. */
async function comeUp(): Promise<void> {
  await cluster.zooKeeper.untilWhole();
  for (const host of cluster.nimbusHosts) cluster.start(host);
  await until(() => cluster.leaders.length === 1, "a nimbus leads");
  const student = new Student({
    runtime: world.start({ host: "client", name: "student" }).runtime,
    conf: cluster.conf("client"),
    random: new SeededRandom(seed, "student"),
    tell: () => {},
    ...{ topologies, workers },
  });
  await world.finish(student.begin(), { what: "every topology is submitted", deadlineMs: upMsMax });
  // Nodes come last: one round of the scheduler places all, and nobody reads the assignments a hundred times over.
  for (const host of cluster.supervisorHosts) cluster.start(host);
  await until(() => cluster.workers.length === topologies * workers, "every worker runs");
}

/** Looked at now and then: a crowd makes very many turns. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (const endMs = world.nowMs + upMsMax; !condition(); await world.run({ forMs: stepMs }))
    if (world.nowMs > endMs) throw new Error(`this has not come about in the crowd: ${what}`);
}

async function serveUi(): Promise<void> {
  const files = await Promise.all(
    ["page.html", "page.css", "page.js"].map(async (name) => ({
      name,
      bytes: await readFile(join(repositoryRoot, "dist", name)),
    })),
  );
  const started = Promise.withResolvers<void>();
  world.start({
    host: uiHost,
    name: "ui",
    program: async (runtime) => {
      for (const { name, bytes } of files) await runtime.fs.writeFile(`/${name}`, bytes);
      const own = { "ui.host": uiHost, "ui.port": uiPort, "logviewer.port": -1 };
      const conf = new StormConf({ ...cluster.conf(uiHost).values, ...own });
      const running = await startUi({ runtime, conf, pageFolder: "/" });
      started.resolve();
      await running.ended;
      return 0;
    },
  });
  await world.finish(started.promise, { what: "the ui daemon serves", deadlineMs: upMsMax });
}

/** One connection of the browser, in both worlds. */
async function carry({ net }: Runtime, real: RealSocket): Promise<void> {
  real.on("error", () => {});
  let simulated: Socket;
  try {
    simulated = await net.connect({ host: uiHost, port: uiPort, timeoutMs: 10_000 });
  } catch {
    real.destroy();
    return;
  }
  simulated.handle({
    data: (bytes) => {
      if (real.write(Buffer.from(bytes))) return;
      simulated.pause();
      real.once("drain", () => simulated.resume());
    },
    end: () => real.end(),
    close: () => real.destroy(),
  });
  real.on("data", (bytes: Buffer) => simulated.write(bytes));
  real.on("end", () => simulated.end());
  real.on("close", () => simulated.destroy());
  real.resume();
}

/** World time follows real time from now on. */
async function goOn(): Promise<void> {
  const { clock, timers } = realRuntime({ name: "crowd", self: { command: [process.execPath] }, level: "error" });
  const [startMs, worldMs] = [clock.monotonicMs(), world.nowMs];
  let lostMs = 0;
  for (;;) {
    const behindMs = worldMs + clock.monotonicMs() - startMs - lostMs - world.nowMs;
    // What is lost is not caught up with: nobody would be the wiser for a world that races.
    if (behindMs > stepMs) lostMs += behindMs - stepMs;
    await world.run({ forMs: Math.min(stepMs, Math.max(0, behindMs)) });
    await new Promise<void>((resolve) => timers.after(1, resolve));
  }
}

/** Between two runs of the world, where no process is at work. */
function strike(): void {
  for (const [index, { process: worker }] of cluster.workers.entries()) if (index % 4 === 0) world.kill(worker.pid);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
