/** `storm-lab ui` of a cluster of real processes: Storm's paths, field by field; actions; events; whom it refuses. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { realRuntime } from "../../src/base/index.ts";
import { UiClient, type UiHappening } from "../../src/client/index.ts";
import { apiRoot, routeFor, routes } from "../../src/ui/index.ts";
import { deadline, eventually, repositoryRoot } from "../kit/index.ts";
import { type ClusterHome, clusterHome } from "./cluster-processes.ts";
import { EventReader } from "./event-reader.ts";
import { missingFields, stormUiFields } from "./ui-fields.ts";

const wordCount = join(repositoryRoot, "labs", "word-count", "solution", "topology.ts");
const steady = join(repositoryRoot, "test", "kit", "recorded-word-count", "topology.ts");
const stepMs = 60_000;

interface Ui {
  readonly lab: ClusterHome;
  readonly url: string;
  get(path: string): Promise<Record<string, unknown>>;
  post(path: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }>;
}

async function uiOf(lab: ClusterHome): Promise<Ui> {
  const url = (await lab.run(["open", "--print"])).trim().replace(/\/$/, "");
  return {
    lab,
    url,
    get: async (path) => {
      const response = await fetch(`${url}${apiRoot}${path}`);
      assert.equal(response.status, 200, `${path}: ${await response.clone().text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    post: async (path, init = {}) => {
      const response = await fetch(`${url}${apiRoot}${path}`, { method: "POST", ...init });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

/** Once all that it counts has arrived. */
async function counted({ get }: Ui): Promise<string> {
  return eventually(
    async () => {
      const { topologies } = (await get("topology/summary")) as { topologies: readonly { id: string }[] };
      const [{ id } = { id: "" }] = topologies;
      if (id === "") return undefined;
      const { bolts = [] } = (await get(`topology/${id}`)) as { bolts?: { boltId: string; executed: number }[] };
      return bolts.find(({ boltId }) => boltId === "count")?.executed === 1_131_840 ? id : undefined;
    },
    stepMs,
    "the count of all words",
  );
}

describe("the ui daemon", () => {
  it("answers every path of Storm's UI with Storm's fields, and as its OpenAPI document says", async () => {
    await using lab = await clusterHome();
    await lab.up();
    const ui = await uiOf(lab);
    await lab.run(["submit", wordCount]);
    const id = await counted(ui);
    const seen = new Set<unknown>();
    for (const [path, fields] of Object.entries(stormUiFields)) {
      const asked = path.replace("ID", id).replace("OWNER", userInfo().username);
      const answer = await ui.get(asked);
      assert.deepEqual(missingFields(answer, fields), [], asked);
      const found = routeFor("GET", asked.replace(/\?.*/, "").split("/"));
      assert.ok(!Array.isArray(found), asked);
      assert.equal(found.route.answer.fault(answer, asked), null);
      seen.add(found.route);
    }
    const own = [
      "storm-lab/ensemble",
      "storm-lab/happenings",
      "storm-lab/logs",
      "storm-lab/znode",
      `storm-lab/topology/${id}/tuples`,
    ];
    for (const path of own) {
      const answer = await ui.get(path);
      const found = routeFor("GET", path.split("/"));
      assert.equal(Array.isArray(found) ? "no route" : found.route.answer.fault(answer, path), null);
    }
    const { members } = (await ui.get("storm-lab/ensemble")) as { members: { mode: string }[] };
    assert.deepEqual(members.map(({ mode }) => mode).sort(), ["follower", "follower", "leader"]);
    assert.equal(seen.size + own.length, routes.filter(({ method }) => method === "GET").length);
    const openApi = (await ui.get("openapi.json")) as { paths: Record<string, unknown> };
    assert.deepEqual(
      Object.keys(openApi.paths).sort(),
      [...new Set(routes.map(({ path }) => `${apiRoot}${path}`))].sort(),
    );
    await logs(ui, id);
    await actions(ui, id);
    await refusals(ui, id);
    await withoutNimbus(ui);
  });

  it("tells what happens as it happens, and what was missed meanwhile", async () => {
    await using lab = await clusterHome();
    await lab.up();
    const { url, get } = await uiOf(lab);
    await using events = await EventReader.open(`${url}${apiRoot}events`);
    await events.until("picture");
    const client = new UiClient({ runtime: realRuntime({ name: "client", self: { command: [] } }), url });
    const heard: string[] = [];
    const end = Promise.withResolvers<void>();
    await using _following = client.follow("events", {
      event: (name, data) => {
        heard.push(name === "picture" ? name : (data as UiHappening).event);
        if (heard.at(-1) === "worker-ended") end.resolve();
      },
    });
    await lab.run(["submit", wordCount]);
    const { data } = await events.until("happening", ({ event }) => event === "worker-started");
    assert.match(String(data.id), /^word-count-1-/);
    const told = events.all.map((each) => each.data.event);
    assert.ok(told.indexOf("topology-submitted") < told.indexOf("topology-scheduled"), told.join(" "));
    // A start is known to the second: one that follows another within it is not told apart.
    await eventually(
      async () => {
        const { workers } = (await get(`topology/${String(data.id)}`)) as { workers: { uptimeSeconds: number }[] };
        return workers.every(({ uptimeSeconds }) => uptimeSeconds >= 2) ? true : undefined;
      },
      stepMs,
      "workers that are two seconds old",
    );
    const worker = (await lab.processes()).find(({ role }) => role === "worker");
    process.kill(worker?.pid ?? 0, "SIGKILL");
    const ended = await events.until("happening", ({ event }) => event === "worker-ended");
    await deadline(end.promise, stepMs, "the end of a worker, told to the client");
    assert.deepEqual([heard[0], heard.includes("worker-started")], ["picture", true]);
    await asked(client, String(data.id));
    await using again = await EventReader.open(`${url}${apiRoot}events`, ended.id);
    await again.until("happening", ({ event }) => event === "worker-started");
    assert.ok(
      again.all.every(({ event }) => event === "happening"),
      "what was missed, and no picture",
    );
  });

  it("follows tuples of a topology that is debugged, and reads what its event logger wrote", async () => {
    await using lab = await clusterHome();
    await lab.up();
    const { url, get, post } = await uiOf(lab);
    await using events = await EventReader.open(`${url}${apiRoot}events`);
    const words = ["--folder", lab.directory.path, "--sentences", "1000000", "--rate", "50"];
    await lab.run(["submit", steady, ...words, "-c", "topology.eventlogger.executors=1"]);
    const { data } = await events.until("happening", ({ event }) => event === "worker-started");
    const id = String(data.id);
    const before = (await get(`storm-lab/topology/${id}/tuples`)) as unknown as FollowedTuples;
    assert.deepEqual(before.trees, [], "nothing is followed before somebody asks");
    assert.equal((await post(`topology/${id}/debug/enable/100`)).status, 200);
    const tree = await eventually(
      async () => {
        const { trees } = (await get(`storm-lab/topology/${id}/tuples`)) as unknown as FollowedTuples;
        // Each worker writes for itself: the spout's may be first to tell of the end.
        return trees.find(
          ({ end, tuples }) => end === "completed" && tuples.every(({ settled }) => settled === "acked"),
        );
      },
      stepMs,
      "a tuple whose whole tree is acked",
    );
    const [sentence, ...rest] = tree.tuples;
    assert.deepEqual([tree.component, sentence?.anchors, sentence?.toComponent], ["spout", [], "split"]);
    const spoken = /^\[([\w ]+), \d+, [^,]+\]$/.exec(sentence?.values ?? "")?.[1]?.split(" ") ?? [];
    assert.deepEqual(
      rest
        .filter(({ toComponent }) => toComponent === "count")
        .map(({ values }) => values.slice(1).split(",")[0])
        .sort(),
      [...spoken].sort(),
      "every word of the sentence is in the tree",
    );
    assert.ok(tree.tuples.every(({ worker }) => worker !== null));
    await events.until("happening", ({ event, id: of }) => event === "tuple-sampled" && of === id);
    const { eventLogLink } = (await get(`topology/${id}/component/split`)) as { eventLogLink?: string };
    const place = new URL(eventLogLink ?? "", url);
    const line = await eventually(
      async () => (await (await fetch(place)).text()).split("\n").find((each) => each.includes(",split,")),
      stepMs,
      "a line of the event logger",
    );
    assert.match(line, /^\w{3} \w{3} \d\d [\d:]{8} UTC \d{4},split,\d+,,\[w\d+, /);
    assert.equal((await post(`topology/${id}/debug/disable/0`)).status, 200);
  });
});

interface FollowedTuples {
  readonly trees: readonly {
    readonly component: string;
    readonly end: string | null;
    readonly tuples: readonly {
      readonly anchors: readonly string[];
      readonly toComponent: string;
      readonly values: string;
      readonly settled: string | null;
      readonly worker: string | null;
    }[];
  }[];
}

/** By the client that the program's own commands use. */
async function asked(client: UiClient, id: string): Promise<void> {
  const { topologies } = await client.get("topology/summary");
  assert.deepEqual(
    topologies.map((each) => [each.id, each.status]),
    [[id, "ACTIVE"]],
  );
  const graph = await client.graph(id);
  assert.deepEqual(
    graph.count?.[":inputs"].map((input) => input[":grouping"]),
    ["fields"],
  );
  const { executors, executorStats } = await client.component(id, "split");
  assert.equal(executorStats.length, executors);
  assert.ok((await client.topologyMetrics(id)).bolts.some((bolt) => bolt.id === "count"));
  assert.ok((await client.get("storm-lab/znode", { query: { path: "/storm" } })).znode?.children.includes("storms"));
  const { text, size } = await client.log("daemonlog", { query: { file: "nimbus.log", start: "0" } });
  assert.match(text, /gained leadership/);
  assert.ok(size > 0);
  await assert.rejects(client.act("topology/none/activate"), { code: "SL-UI-REFUSED" });
  await client.act(`topology/${id}/deactivate`);
  assert.equal((await client.topology(id)).status, "INACTIVE");
  await client.act(`topology/${id}/activate`);
}

/** Every link to a log that the API gives is answered, on the port of its own and on this one. */
async function logs({ url, get }: Ui, id: string): Promise<void> {
  const { workers } = (await get(`topology/${id}`)) as { workers: { workerLogLink: string }[] };
  const { nimbuses } = (await get("nimbus/summary")) as { nimbuses: { nimbusLogLink: string }[] };
  const { supervisors } = (await get("supervisor/summary")) as { supervisors: { logLink: string }[] };
  const links = [
    ...workers.map(({ workerLogLink }) => [workerLogLink, /worker /] as const),
    ...nimbuses.map(({ nimbusLogLink }) => [nimbusLogLink, /gained leadership/] as const),
    ...supervisors.map(({ logLink }) => [logLink, /supervisor /] as const),
  ];
  assert.equal(links.length, 5);
  for (const [link, expected] of links) {
    const response = await fetch(link);
    assert.equal(response.headers.get("content-type"), "text/plain;charset=utf-8");
    assert.match(await response.text(), expected, link);
    const { pathname, search } = new URL(link);
    assert.equal((await fetch(`${url}${pathname}${search}`)).status, 200, link);
  }
  const { logs: all } = (await get("storm-lab/logs")) as { logs: { name: string; link: string }[] };
  assert.equal(all.filter(({ name }) => name === "zookeeper.out").length, 3);
  const { origin } = new URL(links[0]?.[0] ?? "");
  assert.equal((await fetch(`${origin}${apiRoot}cluster/summary`)).status, 404, "logs and nothing else");
  assert.equal((await fetch(`${origin}${apiRoot}log?file=../../conf/storm.yaml`)).status, 404);
}

/** Each changes what it says, as nimbus has it. */
async function actions({ get, post }: Ui, id: string): Promise<void> {
  const done = (operation: string) => ({
    status: 200,
    body: { topologyOperation: operation, topologyId: id, status: "success" },
  });
  const status = async () => (await get(`topology/${id}`)).status;
  assert.deepEqual(await post(`topology/${id}/deactivate`), done("deactivate"));
  assert.equal(await status(), "INACTIVE");
  assert.deepEqual(await post(`topology/${id}/activate`), done("activate"));
  assert.equal(await status(), "ACTIVE");
  const namedLoggerLevels = { ROOT: { target_level: "DEBUG", timeout: 60 } };
  const levels = await post(`topology/${id}/logconfig`, { body: JSON.stringify({ namedLoggerLevels }) });
  assert.deepEqual(levels.body, await get(`topology/${id}/logconfig`));
  assert.match(JSON.stringify(levels.body), /"ROOT":\{"target_level":"DEBUG".*"timeout":60,"timeout_epoch":\d+/);
  assert.deepEqual(await post(`topology/${id}/debug/enable/25`), done("debug/enable"));
  const { debug, samplingPct } = await get(`topology/${id}`);
  assert.deepEqual([debug, samplingPct], [true, 25]);
  assert.deepEqual(await post(`topology/${id}/component/split/debug/enable/5`), done("debug/enable"));
  assert.equal((await get(`topology/${id}/component/split`)).samplingPct, 5);
  const body = JSON.stringify({ rebalanceOptions: { numWorkers: 1, executors: { split: 1 } } });
  assert.deepEqual(await post(`topology/${id}/rebalance/0`, { body }), done("rebalance"));
  await eventually(
    async () => {
      const { workersTotal, bolts } = (await get(`topology/${id}`)) as {
        workersTotal: number;
        bolts: { boltId: string; executors: number }[];
      };
      return workersTotal === 1 && bolts.some(({ boltId, executors }) => boltId === "split" && executors === 1)
        ? true
        : undefined;
    },
    stepMs,
    "the rebalanced topology",
  );
  const profiled = await post(`topology/${id}/profiling/start/127.0.0.2:6700/1`);
  assert.deepEqual(profiled.body, { status: "disabled", message: "Profiling is not enabled on this server" });
  assert.deepEqual(await post(`topology/${id}/kill/0`), done("kill"));
  await eventually(
    async () => (((await get("topology/summary")).topologies as unknown[]).length === 0 ? true : undefined),
    stepMs,
    "the end of the topology",
  );
}

async function refusals({ url, post }: Ui, id: string): Promise<void> {
  const refused = async (status: number, path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, init);
    const body = (await response.json()) as Record<string, unknown>;
    assert.equal(response.status, status, `${path} ${JSON.stringify(body)}`);
    assert.deepEqual(Object.keys(body), ["error", "errorMessage"]);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  };
  await refused(500, `${apiRoot}topology/${id}`);
  await refused(400, `${apiRoot}cluster/summary?callback=alert`);
  await refused(400, `${apiRoot}topology/${id}?window=-1`);
  await refused(400, `${apiRoot}topology/%ff`);
  await refused(400, `${apiRoot}storm-lab/znode?path=storm`);
  await refused(400, `${apiRoot}storm-lab/znode-changes?path=/storm//x`);
  await refused(404, `${apiRoot}nothing`);
  await refused(404, `${apiRoot}../../etc/passwd`);
  await refused(405, `${apiRoot}topology/${id}/kill/0`);
  await refused(405, `${apiRoot}cluster/summary`, { method: "DELETE" });
  await refused(403, `${apiRoot}topology/${id}/kill/0`, { method: "POST", headers: { Origin: "http://evil.example" } });
  await refused(413, `${apiRoot}topology/${id}/logconfig`, { method: "POST", body: "x".repeat(2_000_000) });
  assert.equal((await post(`topology/${id}/logconfig`, { body: "{" })).status, 400);
  assert.equal(
    (await post(`topology/${id}/logconfig`, { body: '{"namedLoggerLevels":{"ROOT":{"target_level":"LOUD"}}}' })).status,
    400,
  );
  assert.equal((await post(`topology/${id}/rebalance/soon`)).status, 400);
  assert.equal((await post(`topology/${id}/debug/enable/101`)).status, 400);
  // fetch sets these itself.
  assert.match(await raw(url, "GET / HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n"), /^HTTP\/1.1 403 /);
  const cross = `Host: ${new URL(url).host}\r\nSec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n\r\n`;
  assert.match(await raw(url, `POST ${apiRoot}topology/${id}/activate HTTP/1.1\r\n${cross}`), /^HTTP\/1.1 403 /);
}

/** It says that nobody leads, and answers again when somebody does. */
async function withoutNimbus({ lab, url, get }: Ui): Promise<void> {
  await lab.run(["stop", "nimbus1"]);
  const response = await fetch(`${url}${apiRoot}cluster/summary`);
  assert.equal(response.status, 500);
  assert.match(((await response.json()) as { errorMessage: string }).errorMessage, /SL-NIMBUS-LEADER-NOT-FOUND/);
  await lab.run(["start", "nimbus1"]);
  await eventually(
    async () => ((await fetch(`${url}${apiRoot}cluster/summary`)).status === 200 ? true : undefined),
    stepMs,
    "an answer",
  );
  assert.equal((await get("cluster/summary")).supervisors, 2);
}

/** The first line of what comes back. */
function raw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const answer = new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(bytes.toString());
    });
    socket.once("error", reject);
  });
  return deadline(answer, stepMs, "an answer");
}
