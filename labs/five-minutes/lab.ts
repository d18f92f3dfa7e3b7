/** Lab 1: a cluster comes up, counts words, loses its workers and has them again, all within five minutes. */
import type { Asked, Evidence, Lab, LabCluster } from "../engine/index.ts";

const topology = "five-minutes";
const workersWanted = 2;
const supervisorsWanted = 2;

export const fiveMinutes: Lab = {
  id: "five-minutes",
  number: 1,
  minutes: 5,
  needs: { cluster: false, supervisors: 0, freeSlots: 0 },
  topologies: [topology],
  starter: "five-minutes/starter",
  solution: "five-minutes/starter",
  steps: [
    {
      id: "up",
      kind: "do",
      check: isUp,
      proof: { starter: [["stop", "supervisor"]], fails: /^0 supervisors/, solution: [["start"]] },
    },
    {
      id: "count",
      kind: "do",
      check: counts,
      proof: { starter: [], fails: /^no topology five-minutes/, solution: [["submit", "topology.ts"]] },
    },
    { id: "guess", kind: "predict", choices: ["1", "2", "3"] },
    {
      id: "kill",
      kind: "break",
      baseline: seats,
      check: isKilled,
      proof: { starter: [], fails: /^no worker has ended/, solution: [["fault", "kill", "worker"]] },
    },
    {
      id: "return",
      kind: "observe",
      check: isBack,
      reveals: "guess",
      proof: {
        starter: [
          ["stop", "supervisor"],
          ["fault", "kill", "worker"],
        ],
        fails: /^0 of 2 workers run/,
        solution: [["start"]],
      },
    },
    {
      id: "tidy",
      kind: "do",
      check: isGone,
      proof: { starter: [], fails: /^five-minutes is ACTIVE/, solution: [["kill", topology, "-w", "0"]] },
    },
  ],
};

async function isUp({ cluster }: Asked): Promise<Evidence> {
  const { ui } = cluster;
  const [{ members }, { nimbuses }, { supervisors }] = await Promise.all([
    ui.get("storm-lab/ensemble"),
    ui.get("nimbus/summary"),
    ui.get("supervisor/summary"),
  ]);
  const serving = members.filter(({ mode }) => ["leader", "follower", "standalone"].includes(mode)).length;
  const leads = nimbuses.some(({ status }) => status === "Leader");
  return {
    met: leads && supervisors.length >= supervisorsWanted && serving * 2 > members.length,
    expected: {
      en: "2 supervisors, a nimbus that leads, a majority of the ZooKeeper servers serving",
      zh: "2 个 supervisor，一个当选 leader 的 nimbus，过半数的 ZooKeeper 服务器在服务",
    },
    seen: {
      en: `${supervisors.length} supervisors, ${leads ? "a" : "no"} nimbus leads, ${serving} of ${members.length} ZooKeeper servers serve`,
      zh: `${supervisors.length} 个 supervisor，${leads ? "有" : "没有"} nimbus 当选 leader，${members.length} 个 ZooKeeper 服务器中有 ${serving} 个在服务`,
    },
    where: "storm-lab status",
  };
}

async function counts({ cluster }: Asked): Promise<Evidence> {
  const expected = {
    en: "five-minutes runs on 2 workers and counts",
    zh: "five-minutes 在 2 个 worker 上运行并在计数",
  };
  const where = "storm-lab list   storm-lab open";
  const running = await cluster.topology(topology);
  if (running === null) {
    const seen = { en: "no topology five-minutes runs", zh: "没有名为 five-minutes 的 topology 在运行" };
    return { met: false, expected, seen, where };
  }
  const total = await counted(cluster, running.id);
  const workers = (await cluster.workers(topology)).length;
  const seen = { en: `${workers} workers, ${total} words counted`, zh: `${workers} 个 worker，已数出 ${total} 个单词` };
  return { met: workers >= workersWanted && total > 0, expected, seen, where };
}

interface Seat {
  readonly pid: number;
  readonly place: string;
}

async function seats(cluster: LabCluster): Promise<Seat[]> {
  const workers = await cluster.workers(topology);
  return workers.flatMap(({ pid, node, ports }) => (pid === null ? [] : [{ pid, place: `${node}:${ports[0]}` }]));
}

function killedSeats(baselines: Asked["baselines"]): readonly Seat[] {
  return (baselines.get("kill") ?? []) as readonly Seat[];
}

async function isKilled({ cluster, baselines }: Asked): Promise<Evidence> {
  const before = killedSeats(baselines).map(({ pid }) => pid);
  const now = (await seats(cluster)).map(({ pid }) => pid);
  const ended = before.filter((pid) => !now.includes(pid));
  return {
    met: ended.length > 0,
    expected: { en: "a worker process has ended", zh: "有一个 worker 进程结束了" },
    seen:
      ended.length > 0
        ? { en: `gone: ${ended.join(", ")}`, zh: `已经不在了：${ended.join("、")}` }
        : { en: `no worker has ended: ${before.join(", ")}`, zh: `还没有 worker 结束：${before.join("、")}` },
    where: "storm-lab ps",
  };
}

/** Choice 2: started again where they were. 3: somewhere else. */
async function isBack({ cluster, baselines }: Asked): Promise<Evidence> {
  const before = killedSeats(baselines);
  const now = await seats(cluster);
  const fresh = now.filter(({ pid }) => before.every((seat) => seat.pid !== pid));
  const met = fresh.length > 0 && now.length >= workersWanted;
  const isWhereItWas = fresh.every(({ place }) => before.some((seat) => seat.place === place));
  const places = now.map(({ place, pid }) => `${place} (${pid})`).join(", ");
  return {
    met,
    expected: { en: "2 workers, at least one of them a new process", zh: "2 个 worker，其中至少一个是新进程" },
    seen: {
      en: `${now.length} of ${workersWanted} workers run${places === "" ? "" : `: ${places}`}`,
      zh: `${workersWanted} 个 worker 中有 ${now.length} 个在运行${places === "" ? "" : `：${places}`}`,
    },
    where: "storm-lab ps",
    ...(met ? { reality: isWhereItWas ? "2" : "3" } : {}),
  };
}

async function isGone({ cluster }: Asked): Promise<Evidence> {
  const running = await cluster.topology(topology);
  return {
    met: running === null,
    expected: { en: "five-minutes no longer runs", zh: "five-minutes 不再运行" },
    seen:
      running === null
        ? { en: "it is gone", zh: "它已经不在了" }
        : { en: `five-minutes is ${running.status}`, zh: `five-minutes 的状态是 ${running.status}` },
    where: "storm-lab list",
  };
}

async function counted(cluster: LabCluster, id: string): Promise<number> {
  const published = await cluster.published(id);
  const tasks = published.flatMap(({ results }) => results.counted ?? []);
  return tasks.reduce<number>((sum, count) => sum + Number(count), 0);
}
