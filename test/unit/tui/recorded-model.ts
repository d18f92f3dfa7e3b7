/** A cluster at one moment, as the dashboard was told of it: three nodes, a word count, an error. */
import { type ClusterModel, edgeKey, emptyModel } from "../../../src/tui/dashboard/model.ts";

const counts = { emitted: 2171, transferred: 2171, acked: 2151, failed: 0 };
const atMs = Date.UTC(2026, 10, 25, 21, 36, 17);
const id = "word-count-1-1795642576";
const place = (host: string, port: number) => ({ host, port });

export const recordedModel: ClusterModel = {
  ...emptyModel({
    cluster: "classroom",
    url: "http://127.0.0.1:8080",
    nodes: [1, 2, 3].map((n) => ({ name: `node${n}`, host: `127.0.0.${n}`, zooKeeperPorts: [8000 + n] })),
  }),
  connection: "live",
  toldMs: atMs,
  nowMs: atMs + 1000,
  picture: {
    leader: place("127.0.0.1", 6627),
    nimbuses: [place("127.0.0.1", 6627)],
    supervisors: [
      { id: "s2", host: "127.0.0.2", slots: 4 },
      { id: "s3", host: "127.0.0.3", slots: 4 },
    ],
    topologies: [
      {
        id,
        name: "word-count",
        status: "ACTIVE",
        slots: [place("127.0.0.2", 6700), place("127.0.0.3", 6700)],
        beating: [place("127.0.0.2", 6700), place("127.0.0.3", 6700)],
      },
    ],
  },
  happenings: [
    { seq: 3, atMs, event: "worker-started", id, place: place("127.0.0.3", 6700) },
    { seq: 2, atMs, event: "topology-scheduled", id, given: [place("127.0.0.3", 6700)], taken: [] },
    {
      seq: 1,
      atMs: atMs - 1000,
      event: "error",
      id,
      component: "split",
      error: "no such word: \u001b[31m汉",
      place: null,
    },
  ],
  commands: [{ atMs, text: "storm-lab fault list", exitCode: 0, output: ["the network is whole"] }],
  nimbuses: [{ host: "127.0.0.1", port: 6627, status: "Leader", nimbusUpTime: "5m 3s", version: "2.8.8" }],
  supervisors: [2, 3].map((n) => ({
    id: `s${n}`,
    host: `127.0.0.${n}`,
    uptime: "5m 2s",
    slotsTotal: 4,
    slotsUsed: 1,
    blacklisted: false,
  })),
  topologies: [
    {
      id,
      name: "word-count",
      status: "ACTIVE",
      uptime: "2m 1s",
      uptimeSeconds: 121,
      workersTotal: 2,
      executorsTotal: 10,
      tasksTotal: 10,
      schedulerInfo: "Fully Scheduled",
    },
  ],
  members: [1, 2, 3].map((n) => ({
    server: `127.0.0.1:${8000 + n}`,
    mode: n === 2 ? "leader" : "follower",
    zxid: "0x100000055",
    connections: n,
  })),
  topology: {
    id,
    name: "word-count",
    status: "ACTIVE",
    uptime: "2m 1s",
    uptimeSeconds: 121,
    workersTotal: 2,
    executorsTotal: 10,
    tasksTotal: 10,
    schedulerInfo: null,
    msgTimeout: 30,
    debug: false,
    topologyStats: [],
    spouts: [
      {
        ...counts,
        spoutId: "spout",
        executors: 2,
        tasks: 2,
        lastError: "",
        errorLapsedSecs: null,
        completeLatency: "101.9",
      },
    ],
    bolts: [
      {
        ...counts,
        boltId: "split",
        executors: 3,
        tasks: 3,
        lastError: "no such word",
        errorLapsedSecs: 9,
        capacity: "0.912",
        executeLatency: "1.1",
        processLatency: "1.2",
        executed: 2100,
      },
      {
        ...counts,
        boltId: "count",
        executors: 5,
        tasks: 5,
        lastError: "",
        errorLapsedSecs: null,
        capacity: "0.010",
        executeLatency: "0.1",
        processLatency: "0.2",
        executed: 9100,
      },
    ],
    workers: [],
  },
  graph: {
    count: { ":type": "bolt", ":inputs": [{ ":component": "split", ":stream": "default", ":grouping": "fields" }] },
    split: { ":type": "bolt", ":inputs": [{ ":component": "spout", ":stream": "default", ":grouping": "shuffle" }] },
    spout: { ":type": "spout", ":inputs": [] },
  },
  rates: new Map([
    [edgeKey("spout", "default", "split"), 378],
    [edgeKey("split", "default", "count"), 12_345],
  ]),
  component: {
    id: "split",
    name: "word-count",
    componentType: "bolt",
    executors: 3,
    tasks: 3,
    topologyId: id,
    boltStats: [
      {
        ...counts,
        window: "600",
        windowPretty: "10m 0s",
        capacity: "0.912",
        executeLatency: "1.1",
        processLatency: "1.2",
        executed: 2100,
      },
    ],
    executorStats: [
      {
        ...counts,
        id: "[2-2]",
        host: "127.0.0.2",
        port: 6700,
        uptime: "2m 1s",
        executed: 2100,
        capacity: "0.912",
        executeLatency: "1.1",
        processLatency: "1.2",
      },
    ],
    componentErrors: [
      { time: 1, error: "no such word: 汉\n at split", errorHost: "127.0.0.2", errorPort: 6700, errorLapsedSecs: 9 },
    ],
  },
  znode: {
    path: "/",
    children: ["storm", "zookeeper"],
    encoding: "utf8",
    data: "汉字",
    stat: { version: 3, numChildren: 2, dataLength: 6, ephemeralOwner: "0x0", mtime: "2026-11-25" },
  },
  logs: [{ host: "127.0.0.1", name: "nimbus.log", isDaemon: true, size: 1480, modifiedMs: 1 }],
  logLines: ["2026-11-25 INFO one", "2026-11-25 ERROR two", "2026-11-25 WARN three"],
};
