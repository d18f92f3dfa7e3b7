/**
 * The rooms of the house and which doors open towards which. The same table, with the reasons, is in
 * docs/architecture.md; a test holds the two equal.
 */

export interface Room {
  /** Folder, or file for a room of one file. */
  readonly path: string;
  /** The rooms it may import, by the last part of their path. */
  readonly mayImport: readonly string[];
  /** The files that other rooms may import. */
  readonly doors: readonly string[];
}

export const rooms: readonly Room[] = [
  { path: "src/base", mayImport: [], doors: ["index.ts"] },
  { path: "src/language", mayImport: [], doors: ["index.ts"] },
  { path: "src/topology", mayImport: ["base"], doors: ["index.ts"] },
  { path: "src/conf", mayImport: ["base", "topology"], doors: ["index.ts"] },
  {
    path: "src/wire",
    mayImport: ["base"],
    doors: ["http/index.ts", "thrift/index.ts", "tuple/index.ts", "zookeeper/index.ts", "zookeeper/quorum/index.ts"],
  },
  { path: "src/rpc", mayImport: ["base", "wire"], doors: ["index.ts"] },
  { path: "src/zookeeper", mayImport: ["base", "wire", "metrics", "http"], doors: ["index.ts"] },
  { path: "src/state", mayImport: ["base", "wire", "zookeeper"], doors: ["index.ts"] },
  { path: "src/schedule", mayImport: ["base", "topology"], doors: ["index.ts"] },
  { path: "src/client", mayImport: ["base", "conf", "wire", "rpc"], doors: ["index.ts", "ui-picture.ts"] },
  { path: "src/code", mayImport: ["base", "topology", "wire"], doors: ["index.ts"] },
  {
    path: "src/nimbus",
    mayImport: ["base", "topology", "conf", "wire", "rpc", "state", "code", "schedule", "metrics", "http"],
    doors: ["index.ts"],
  },
  { path: "src/metrics", mayImport: ["base"], doors: ["index.ts"] },
  { path: "src/http", mayImport: ["base", "wire"], doors: ["index.ts"] },
  { path: "src/coordination", mayImport: ["base", "topology"], doors: ["index.ts"] },
  {
    path: "src/drpc",
    mayImport: ["base", "topology", "conf", "wire", "rpc", "metrics", "http", "coordination"],
    doors: ["index.ts", "topology/index.ts"],
  },
  { path: "src/transport", mayImport: ["base", "wire"], doors: ["index.ts"] },
  { path: "src/executor", mayImport: ["base", "topology"], doors: ["index.ts"] },
  {
    path: "src/worker",
    mayImport: ["base", "topology", "conf", "wire", "rpc", "client", "state", "code", "transport", "executor"],
    doors: ["index.ts", "cluster/index.ts"],
  },
  {
    path: "src/local",
    mayImport: ["base", "topology", "code", "executor", "transport", "worker"],
    doors: ["index.ts"],
  },
  {
    path: "src/index.ts",
    mayImport: ["base", "topology", "client", "code", "coordination", "drpc", "executor", "local"],
    doors: ["index.ts"],
  },
  {
    path: "src/supervisor",
    mayImport: ["base", "conf", "wire", "state", "rpc", "client", "metrics", "http"],
    doors: ["index.ts"],
  },
  {
    path: "src/simulate",
    mayImport: ["base", "topology", "conf", "wire", "zookeeper", "client", "code", "nimbus", "worker", "supervisor"],
    doors: ["index.ts"],
  },
  { path: "src/logviewer", mayImport: ["base", "http"], doors: ["index.ts"] },
  {
    path: "src/ui",
    mayImport: ["base", "conf", "wire", "http", "logviewer", "metrics", "zookeeper", "state", "client"],
    doors: ["index.ts"],
  },
  { path: "src/page", mayImport: ["client"], doors: [] },
  {
    path: "src/tui",
    mayImport: ["base", "conf", "language", "client", "provision"],
    doors: ["wizard/index.ts", "dashboard/index.ts"],
  },
  { path: "provision", mayImport: ["base", "conf", "wire", "zookeeper", "rpc"], doors: ["index.ts"] },
  { path: "src/doctor", mayImport: ["base", "conf", "wire", "language", "provision"], doors: ["index.ts"] },
  {
    path: "src/cli",
    mayImport: [
      "base",
      "topology",
      "conf",
      "wire",
      "rpc",
      "http",
      "zookeeper",
      "state",
      "client",
      "schedule",
      "code",
      "nimbus",
      "drpc",
      "ui",
      "transport",
      "executor",
      "worker",
      "local",
      "supervisor",
      "simulate",
      "provision",
      "doctor",
      "language",
      "tui",
      "engine",
      "labs",
    ],
    doors: ["index.ts"],
  },
  {
    path: "labs/engine",
    mayImport: ["base", "language", "client", "provision"],
    doors: ["index.ts"],
  },
  { path: "labs", mayImport: ["index.ts", "engine"], doors: ["lab-table.ts"] },
];

/** Folders beside the rooms: they may open any room's door. */
export const outbuildings = ["bench", "scripts", "test"] as const;

export function roomOf(path: string): Room | undefined {
  return rooms.find((room) => path === room.path || path.startsWith(`${room.path}/`));
}

/** The name by which `mayImport` calls it. */
export function nameOf(room: Room): string {
  return room.path.slice(room.path.lastIndexOf("/") + 1);
}

export function isDoor(room: Room, path: string): boolean {
  return path === room.path || room.doors.some((door) => path === `${room.path}/${door}`);
}
