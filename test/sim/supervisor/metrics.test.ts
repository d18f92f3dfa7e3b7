/** What a supervisor tells Prometheus of its slots and of the workers that it has started and ended. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { scrapeMetrics, sumOf } from "../../kit/prometheus.ts";
import { SupervisorStage } from "./stage.ts";

it("a supervisor's metrics tell what its slots do, and why workers ended", async () => {
  const stage = new SupervisorStage(1);
  await stage.zk.untilWhole();
  stage.startSupervisor("s1");
  const { runtime } = stage.world.start({ host: "prometheus" });
  const told = (what: string, is: (sum: (name: string, labels?: Record<string, string>) => number) => boolean) =>
    stage.finish(
      (async () => {
        for (;;) {
          const read = await scrapeMetrics(runtime, "s1", 7020).catch(() => new Map());
          if (is((name, labels) => sumOf(read, `storm_supervisor_${name}`, labels))) return read;
          await new Promise<void>((resolve) => runtime.timers.after(500, resolve));
        }
      })(),
      what,
    );
  const killed = (reason: string) => ["workers_killed_total", { reason }] as const;

  await told("three empty slots", (sum) => sum("slots", { state: "EMPTY" }) === 3);
  await stage.world.until(() => stage.logs.some((line) => line.includes("Starting supervisor")), { what: "it runs" });
  const registered = async () => {
    while ((await stage.state.supervisors()).length === 0)
      await new Promise<void>((resolve) => stage.world.at(stage.world.nowMs + 100, resolve));
    await stage.rememberSupervisors();
  };
  await stage.finish(registered(), "it has registered");
  await stage.finish(stage.assign("wc-1-1", [{ host: "s1", port: 6700, executors: [[1, 1]] }]), "assigned");
  const first = await told("a worker", (sum) => sum("slots", { state: "RUNNING" }) === 1);
  assert.equal(sumOf(first, "storm_supervisor_workers_launched_total"), 1);
  assert.equal(sumOf(first, "storm_supervisor_slots"), 3);
  assert.equal(sumOf(first, "storm_supervisor_workers_killed_total"), 0);

  const worker = () => stage.workers("s1")[0]?.process.pid ?? 0;
  stage.world.kill(worker());
  await told("a worker that died", (sum) => sum(...killed("process-exit")) === 1);
  await told("another one", (sum) => sum("slots", { state: "RUNNING" }) === 1);
  stage.world.pause(worker());
  const hung = await told("a silent worker", (sum) => sum(...killed("hb-timeout")) === 1);
  assert.equal(sumOf(hung, "storm_supervisor_worker_start_timed_out_total"), 0);
  await told("a third one", (sum) => sum("slots", { state: "RUNNING" }) === 1);
  await stage.finish(stage.unassign("wc-1-1"), "unassigned");
  const last = await told("its end", (sum) => sum("slots", { state: "EMPTY" }) === 3);
  assert.equal(sumOf(last, "storm_supervisor_workers_killed_total", { reason: "assignment-changed" }), 1);
  assert.equal(sumOf(last, "storm_supervisor_workers_killed_total"), 3, "each once, whatever ended it");
  assert.equal(sumOf(last, "storm_supervisor_workers_launched_total"), 3);
});
