/** The dashboard without a terminal: its screens as golden texts, what each view says of a cluster that changes, and what keys do. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Language, speaker } from "../../../src/language/index.ts";
import { fit, plainText, widthOf } from "../../../src/tui/cells.ts";
import { frameOf } from "../../../src/tui/dashboard/frame.ts";
import type { ClusterModel } from "../../../src/tui/dashboard/model.ts";
import { type Effect, press } from "../../../src/tui/dashboard/press.ts";
import { firstState, type UiState, viewKeys } from "../../../src/tui/dashboard/state.ts";
import { dashboardWords } from "../../../src/tui/dashboard/words.ts";
import { goldenText } from "./golden-screens.ts";
import { recordedModel } from "./recorded-model.ts";

// Times of day are told as the person's clock has them.
process.env.TZ = "UTC";

const first = firstState({ theme: "dark", isReadOnly: false });
const sizes = [
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
];

function screen(model: ClusterModel, state: UiState, size = sizes[0]!, language: Language = "en"): string {
  const { lines } = frameOf(model, state, size, speaker(dashboardWords, language));
  return lines.map(plainText).join("\n");
}

function pressed(keys: readonly string[], from = first, model = recordedModel): { state: UiState; effects: Effect[] } {
  const around = { model, say: speaker(dashboardWords, "en"), commands: ["kill", "killworkers", "list"], pageRows: 10 };
  const effects: Effect[] = [];
  let state = from;
  for (const key of keys) {
    const after = press(state, key, around);
    state = after.state;
    effects.push(...after.effects);
  }
  return { state, effects };
}

const typed = (text: string): string[] => [...text];

describe("the screen", () => {
  it("is as it was in every view, at two sizes, in two languages, and fills the terminal exactly", () => {
    const all: string[] = [];
    for (const language of ["en", "zh"] as const)
      for (const size of sizes)
        for (const key of [...Object.keys(viewKeys), "?", "f"]) {
          const { state } = pressed([key]);
          const text = screen(recordedModel, state, size, language);
          const lines = text.split("\n");
          assert.equal(lines.length, size.rows);
          for (const line of lines) assert.equal(widthOf(line), size.columns, line);
          all.push(
            `== ${language} ${size.columns}x${size.rows} ${key}\n${lines.map((line) => line.trimEnd()).join("\n")}`,
          );
        }
    goldenText("dashboard-screens.txt", `${all.join("\n")}\n`);
  });

  it("counts Chinese as two cells, and cuts it whole", () => {
    assert.deepEqual(
      [widthOf("汉a"), widthOf("e\u0301"), fit("汉字汉", 4), fit("ab", 4, "right")],
      [3, 1, "汉… ", "  ab"],
    );
  });

  it("shows no control characters that a cluster sends", () => {
    for (const key of Object.keys(viewKeys))
      assert.doesNotMatch(screen(recordedModel, pressed([key]).state).replaceAll("\n", ""), /\p{Cc}/u);
  });
});

/** Each changes the cluster and names what is then to be seen, and was not before. */
const changes: readonly (readonly [key: string, seen: RegExp, change: (model: ClusterModel) => ClusterModel])[] = [
  ["1", /✗6700/, (model) => withTopology(model, { beating: [{ host: "127.0.0.2", port: 6700 }] })],
  ["1", /✗ word-count {2}ACTIVE {2}0\/2/, (model) => withTopology(model, { beating: [] })],
  ["1", /node1 –/, (model) => ({ ...model, picture: { ...model.picture, nimbuses: [], leader: null } })],
  ["1", /node1 ○ standby/, (model) => ({ ...model, picture: { ...model.picture, leader: null } })],
  [
    "1",
    /2 of 4 slots used/,
    (model) => ({ ...model, picture: { ...model.picture, supervisors: model.picture.supervisors.slice(1) } }),
  ],
  [
    "1",
    /✗ no answer/,
    (model) => ({ ...model, members: model.members.map((each) => ({ ...each, mode: "no answer" })) }),
  ],
  [
    "1",
    /● up 9h/,
    (model) => ({ ...model, supervisors: model.supervisors.map((each) => ({ ...each, uptime: "9h" })) }),
  ],
  ["2", /◐ INACTIVE/, (model) => listed(model, { status: "INACTIVE" })],
  ["2", / 77 /, (model) => listed(model, { executorsTotal: 77 })],
  ["2", / 78 /, (model) => listed(model, { tasksTotal: 78 })],
  ["2", /4h 4m/, (model) => listed(model, { uptime: "4h 4m" })],
  ["2", /no slots left/, (model) => listed(model, { schedulerInfo: "no slots left" })],
  ["2", /1\/2/, (model) => withTopology(model, { beating: [{ host: "127.0.0.2", port: 6700 }] })],
  ["3", /shuffle ── 999\/s/, (model) => ({ ...model, rates: new Map([...model.rates].map(([key]) => [key, 999])) })],
  ["3", /0\.777/, (model) => bolts(model, { capacity: "0.777" })],
  ["3", /7\.77/, (model) => bolts(model, { executeLatency: "7.77" })],
  ["3", / 42$/m, (model) => bolts(model, { failed: 42 })],
  ["3", /✗ count/, (model) => bolts(model, { lastError: "oh" })],
  ["3", /33 executors/, (model) => bolts(model, { executors: 33 })],
  ["4", /127\.0\.0\.9:6709/, (model) => executors(model, { host: "127.0.0.9", port: 6709 })],
  ["4", / 31313 /, (model) => executors(model, { emitted: 31_313 })],
  ["4", / 41414 /, (model) => executors(model, { executed: 41_414 })],
  ["4", / 515 /, (model) => executors(model, { failed: 515 })],
  ["4", /0\.616/, (model) => executors(model, { capacity: "0.616" })],
  ["4", /71\.7/, (model) => executors(model, { executeLatency: "71.7" })],
  [
    "4",
    /no errors/,
    (model) => ({ ...model, component: model.component && { ...model.component, componentErrors: [] } }),
  ],
  [
    "5",
    /● 127\.0\.0\.1:8001 {2}leader/,
    (model) => ({ ...model, members: model.members.map((each) => ({ ...each, mode: "leader" })) }),
  ],
  ["5", /zxid 0x777/, (model) => ({ ...model, members: model.members.map((each) => ({ ...each, zxid: "0x777" })) })],
  ["5", /consumers\//, (model) => ({ ...model, znode: model.znode && { ...model.znode, children: ["consumers"] } })],
  ["5", /other data/, (model) => ({ ...model, znode: model.znode && { ...model.znode, data: "other data" } })],
  ["5", /version 99/, (model) => ({ ...model, znode: model.znode && { ...model.znode, stat: { version: 99 } } })],
  ["5", /no such znode/, (model) => ({ ...model, znode: null })],
  [
    "6",
    /supervisor\.log/,
    (model) => ({ ...model, logs: model.logs.map((each) => ({ ...each, name: "supervisor.log" })) }),
  ],
  [
    "9",
    /supervisor 127\.0\.0\.9 is gone/,
    (model) => ({ ...model, happenings: [{ seq: 9, atMs: 1, event: "supervisor-lost", host: "127.0.0.9" }] }),
  ],
  [
    "9",
    /\$ storm-lab list {3}\(ended with 4\)/,
    (model) => ({ ...model, commands: [{ atMs: 1, text: "storm-lab list", exitCode: 4, output: [] }] }),
  ],
  ["1", /✗ ui daemon away for 7 s/, (model) => ({ ...model, connection: "away", nowMs: model.toldMs + 7000 })],
  ["1", /data 9 s old/, (model) => ({ ...model, nowMs: model.toldMs + 9000 })],
  ["1", /nobody leads/, (model) => ({ ...model, failure: "nobody leads" })],
];

function withTopology(
  model: ClusterModel,
  change: Partial<ClusterModel["picture"]["topologies"][number]>,
): ClusterModel {
  const topologies = model.picture.topologies.map((each) => ({ ...each, ...change }));
  return { ...model, picture: { ...model.picture, topologies } };
}

function listed(model: ClusterModel, change: Partial<NonNullable<ClusterModel["topologies"]>[number]>): ClusterModel {
  return { ...model, topologies: model.topologies?.map((each) => ({ ...each, ...change })) ?? null };
}

function bolts(
  model: ClusterModel,
  change: Partial<NonNullable<ClusterModel["topology"]>["bolts"][number]>,
): ClusterModel {
  const { topology } = model;
  return {
    ...model,
    topology: topology && { ...topology, bolts: topology.bolts.map((each) => ({ ...each, ...change })) },
  };
}

function executors(
  model: ClusterModel,
  change: Partial<NonNullable<ClusterModel["component"]>["executorStats"][number]>,
): ClusterModel {
  const { component } = model;
  const executorStats = component?.executorStats.map((each) => ({ ...each, ...change })) ?? [];
  return { ...model, component: component && { ...component, executorStats } };
}

describe("each view", () => {
  it("shows what changes on the cluster", () => {
    for (const [key, seen, change] of changes) {
      const { state } = pressed([key]);
      assert.doesNotMatch(screen(recordedModel, state), seen);
      assert.match(screen(change(recordedModel), state), seen);
    }
  });

  it("keeps still while it is frozen, and says so", () => {
    const { state } = pressed(["2", " "]);
    assert.match(screen(listed(recordedModel, { status: "INACTIVE" }), state), /frozen[\s\S]*● ACTIVE/);
  });

  it("says how to begin when there is nothing", () => {
    const empty = { ...recordedModel, topologies: [], topology: null, graph: null, component: null };
    for (const key of ["2", "3", "4"]) assert.match(screen(empty, pressed([key]).state), /:submit FILE starts one/);
  });
});

describe("keys", () => {
  it("lead from a topology to its graph, to a component, and back", () => {
    const { state } = pressed(["2", "enter"]);
    assert.deepEqual([state.view, state.topology], ["graph", "word-count-1-1795642576"]);
    const into = pressed(["down", "down", "enter"], state).state;
    assert.deepEqual([into.view, into.component], ["component", "split"]);
    assert.equal(pressed(["escape"], into).state.view, "graph");
    assert.equal(pressed(["escape", "escape", "escape"], into).state.view, "overview");
  });

  it("lead through ZooKeeper's tree and into logs", () => {
    assert.equal(pressed(["5", "enter"]).state.znode, "/storm");
    assert.equal(pressed(["5", "enter", "escape"]).state.znode, "/");
    const { state } = pressed(["6", "enter"]);
    assert.deepEqual(state.log?.name, "nimbus.log");
    const text = screen(recordedModel, state);
    assert.match(text, /▸ 2026-11-25 WARN three/, "the end is followed");
  });

  it("kill only what was named, and say the words of the command line", () => {
    assert.deepEqual(pressed(["2", "K", ...typed("word"), "enter"]).effects, []);
    const killed = pressed(["2", "K", ...typed("word-count"), "enter"]).effects;
    assert.deepEqual(killed, [{ kind: "run", words: ["kill", "word-count"] }]);
    const paused = pressed(["3", "p", ...typed("word-count"), "enter"]).effects;
    assert.deepEqual(paused, [{ kind: "run", words: ["deactivate", "word-count"] }]);
    const spread = pressed(["2", "r", ..."3", "enter", ...typed("word-count"), "enter"]).effects;
    const words = ["rebalance", "word-count", "--wait-time-secs", "0", "--num-workers", "3"];
    assert.deepEqual(spread, [{ kind: "run", words }]);
  });

  it("change nothing while it is read-only", () => {
    for (const keys of [
      ["2", "K"],
      ["R", "2", "p"],
      ["f", "enter", "enter"],
      [":", ...typed("fault heal"), "enter"],
    ]) {
      const from = keys[0] === "R" ? first : { ...first, isReadOnly: true };
      const { state, effects } = pressed(keys, from);
      assert.deepEqual([effects, state.prompt], [[], null]);
      assert.match(state.message, /read-only/);
    }
    const { effects } = pressed([":", ...typed("list"), "enter"], { ...first, isReadOnly: true });
    assert.deepEqual(effects, [{ kind: "run", words: ["list"] }]);
  });

  it("complete commands, views and names", () => {
    const text = (keys: string[]) => pressed([":", ...keys]).state.prompt?.text;
    assert.equal(text([...typed("kil"), "tab"]), "kill");
    assert.equal(text([...typed("killw"), "tab"]), "killworkers ");
    assert.equal(text([...typed("kill wo"), "tab"]), "kill word-count ");
    assert.equal(pressed([":", ...typed("zoo"), "tab", "enter"]).state.view, "zookeeper");
  });

  it("filter, sort, copy, and offer faults of the chosen node", () => {
    const filtered = pressed(["6", "enter", "/", ...typed("error"), "enter"]).state;
    assert.match(screen(recordedModel, filtered), /ERROR two/);
    assert.doesNotMatch(screen(recordedModel, filtered), /INFO one/);
    assert.equal(pressed(["escape"], filtered).state.filter, "");
    assert.match(screen(recordedModel, pressed(["9", "/", ...typed("zzz")]).state), /No line has “zzz”/);
    const sorted = pressed(["5", "s"]).state;
    assert.match(screen(recordedModel, sorted), /znode \/↓/);
    assert.match(JSON.stringify(pressed(["2", "y"]).effects), /word-count {2}● ACTIVE/);
    const { state } = pressed(["down", "f", "down", "down", "down", "enter"]);
    assert.deepEqual(state.prompt, { kind: "command", text: "fault pause node2" });
    assert.deepEqual(pressed(["q"]).effects, [{ kind: "quit" }]);
    assert.deepEqual(pressed([":", "C-c"]).effects, [{ kind: "quit" }]);
    assert.equal(pressed(["t", "t"]).state.theme, "plain");
  });
});
