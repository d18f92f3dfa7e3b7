/** Lab 2: the tutorial's word count and its traps: the file that is missing, the file read twice, counts torn apart, nothing acked. */
import type { Act, Asked, Evidence, Lab, LabCluster } from "../engine/index.ts";

const topology = "wordcount2";
const text = "sample.txt";
const kill: Act = ["kill", topology, "-w", "0"];
const submit: Act = ["submit", "driver.ts", "cluster", "--input", text];
const repaired: readonly Act[] = [kill, "solution", submit];
const again: readonly Act[] = [kill, "starter", submit];
const look = "storm-lab status   storm-lab logs wordcount2   storm-lab open";
const nothingRuns = { en: "no topology wordcount2 runs", zh: "没有名为 wordcount2 的 topology 在运行" };

export const wordCountTraps: Lab = {
  id: "word-count",
  number: 2,
  minutes: 25,
  needs: { cluster: true, supervisors: 2, freeSlots: 2 },
  topologies: [topology],
  starter: "word-count/starter",
  solution: "word-count/solution",
  files: ["word-count/text/sample.txt"],
  steps: [
    { id: "guess-file", kind: "predict", choices: ["1", "2", "3"] },
    {
      id: "missing",
      kind: "do",
      check: fileIsMissing,
      reveals: "guess-file",
      proof: {
        starter: [],
        fails: /^no topology wordcount2 runs/,
        solution: [["submit", "driver.ts", "cluster", "--input", "/stormdata/wordcount.txt"]],
      },
    },
    {
      id: "count",
      kind: "do",
      check: counts,
      proof: { starter: [], fails: /^0 words/, solution: [kill, submit] },
    },
    {
      id: "log",
      kind: "observe",
      check: printsIntoLogs,
      proof: { starter: [kill], fails: /^no topology wordcount2 runs/, solution: [submit] },
    },
    { id: "guess-twice", kind: "predict", choices: ["1", "2", "3"] },
    {
      id: "once",
      kind: "do",
      check: readsOnce,
      reveals: "guess-twice",
      proof: { starter: again, fails: /^118 words counted, the text has 59/, solution: repaired },
    },
    { id: "guess-split", kind: "predict", choices: ["1", "2", "3"] },
    {
      id: "together",
      kind: "do",
      check: countsTogether,
      reveals: "guess-split",
      proof: {
        starter: again,
        fails: /^[1-9]\d* of 47 words are counted in two places .*; grouping SHUFFLE/,
        solution: repaired,
      },
    },
    {
      id: "acked",
      kind: "do",
      check: isAcked,
      proof: { starter: again, fails: /^0 of 8 lines acked/, solution: repaired },
    },
  ],
};

/** What the check wants to know of a topology that runs; null: none does. */
async function runningOf({
  cluster,
}: Asked): Promise<{ id: string; published: Awaited<ReturnType<LabCluster["published"]>> } | null> {
  const running = await cluster.topology(topology);
  return running === null ? null : { id: running.id, published: await cluster.published(running.id) };
}

async function fileIsMissing({ cluster }: Asked): Promise<Evidence> {
  const expected = {
    en: "the spout's error on the cluster: no such file",
    zh: "集群上 spout 报错：没有这个文件（no such file）",
  };
  const where = "storm-lab get-errors wordcount2   storm-lab status";
  const running = await cluster.topology(topology);
  if (running === null) return { met: false, expected, seen: nothingRuns, where };
  const error = running.spouts.map(({ lastError }) => lastError.split("\n")[0] ?? "").find((line) => line !== "") ?? "";
  const met = error.includes("ENOENT");
  const seen = {
    en:
      error === ""
        ? `${topology} is ${running.status}, without an error`
        : `${topology} is ${running.status}: ${error}`,
    zh:
      error === ""
        ? `${topology} 的状态是 ${running.status}，没有错误`
        : `${topology} 的状态是 ${running.status}：${error}`,
  };
  return { met, expected, seen, where, ...(met ? { reality: "2" } : {}) };
}

async function counts(asked: Asked): Promise<Evidence> {
  const expected = { en: "words are counted", zh: "单词有了计数" };
  const running = await runningOf(asked);
  if (running === null) return { met: false, expected, seen: nothingRuns, where: look };
  const total = totalOf(running.published);
  return {
    met: total > 0,
    expected,
    seen: { en: `${total} words counted`, zh: `数出了 ${total} 个单词` },
    where: look,
  };
}

/** `{the=1, cow=1}`: what the tutorial's bolt prints for each word. */
async function printsIntoLogs({ cluster }: Asked): Promise<Evidence> {
  const expected = {
    en: "maps such as {the=1, cow=1} in a worker's log",
    zh: "worker 的日志里有 {the=1, cow=1} 这样的内容",
  };
  const running = await cluster.topology(topology);
  const where = "storm-lab logs wordcount2";
  if (running === null) return { met: false, expected, seen: nothingRuns, where };
  const logs = await Promise.all(
    running.workers.map(async ({ host, port }) => {
      const log = await cluster.workerLog(running.id, host, port);
      return { place: `${host}:${port}`, printed: log.split("\n").filter((line) => /\{\S+=\d+/.test(line)).length };
    }),
  );
  const found = logs.filter(({ printed }) => printed > 0).map(({ place }) => place);
  return {
    met: found.length > 0,
    expected,
    seen: {
      en: `printed in worker.log of ${found.length} of ${logs.length} workers: ${found.join(", ")}`,
      zh: `${logs.length} 个 worker 中有 ${found.length} 个的 worker.log 里有打印内容：${found.join("、")}`,
    },
    where,
  };
}

async function readsOnce(asked: Asked): Promise<Evidence> {
  const { words } = await textOf(asked);
  const expected = {
    en: `${words} words counted: each word of ${text} once`,
    zh: `数出 ${words} 个单词：${text} 里的每个词只数一次`,
  };
  const running = await runningOf(asked);
  if (running === null) return { met: false, expected, seen: nothingRuns, where: look };
  const total = totalOf(running.published);
  return {
    met: total === words,
    expected,
    seen: { en: `${total} words counted, the text has ${words}`, zh: `数出 ${total} 个单词，文本里有 ${words} 个` },
    where: look,
    ...(total === words * 2 ? { reality: "2" } : {}),
  };
}

async function countsTogether(asked: Asked): Promise<Evidence> {
  const expected = {
    en: "every word counted by one task only, by fields grouping",
    zh: "每个单词只由一个 task 计数，使用 fields grouping",
  };
  const running = await runningOf(asked);
  if (running === null) return { met: false, expected, seen: nothingRuns, where: look };
  const tasks = countsOf(running.published);
  const words = new Set(tasks.flatMap((task) => Object.keys(task)));
  const torn = [...words].filter((word) => tasks.filter((task) => Object.hasOwn(task, word)).length > 1);
  const grouping = await groupingOfCounter(asked.cluster, running.id);
  const example = torn[0] === undefined ? "" : ` ("${torn[0]}")`;
  return {
    met: torn.length === 0 && words.size > 0 && grouping.startsWith("FIELDS"),
    expected,
    seen: {
      en: `${torn.length} of ${words.size} words are counted in two places${example}; grouping ${grouping}`,
      zh: `${words.size} 个单词中有 ${torn.length} 个在两处计数${example}；grouping 是 ${grouping}`,
    },
    where: look,
    ...(torn.length > 0 ? { reality: "3" } : {}),
  };
}

async function isAcked(asked: Asked): Promise<Evidence> {
  const { lines } = await textOf(asked);
  const expected = { en: `${lines} of ${lines} lines acked, none failed`, zh: `${lines} 行全部 ack，没有失败` };
  const running = await runningOf(asked);
  if (running === null) return { met: false, expected, seen: nothingRuns, where: look };
  const spouts = running.published.flatMap(({ tasks }) => tasks.filter(({ kind }) => kind === "spout"));
  const sum = (of: (task: (typeof spouts)[number]) => number) => spouts.reduce((total, task) => total + of(task), 0);
  const acked = sum((task) => task.acked);
  const failed = sum((task) => task.failed);
  const pending = sum((task) => task.pending);
  return {
    met: acked === lines && failed === 0 && pending === 0,
    expected,
    seen: {
      en: `${acked} of ${lines} lines acked, ${failed} failed, ${pending} waiting`,
      zh: `${lines} 行中 ack 了 ${acked} 行，失败 ${failed} 行，等待中 ${pending} 行`,
    },
    where: "storm-lab open   storm-lab logs wordcount2",
  };
}

/** Counted here, by another way than the topology's. */
async function textOf({ cluster, folder }: Asked): Promise<{ readonly lines: number; readonly words: number }> {
  const content = new TextDecoder().decode(await cluster.place.runtime.fs.readFile(`${folder}/${text}`));
  const lines = content.split("\n").filter((line) => line !== "").length;
  return { lines, words: (content.match(/[^ \r\n]+/g) ?? []).length };
}

function countsOf(published: Awaited<ReturnType<LabCluster["published"]>>): Readonly<Record<string, number>>[] {
  return published.flatMap(({ results }) => (results.counts ?? []) as Record<string, number>[]);
}

function totalOf(published: Awaited<ReturnType<LabCluster["published"]>>): number {
  return countsOf(published).reduce(
    (sum, task) => sum + Object.values(task).reduce((total, count) => total + count, 0),
    0,
  );
}

/** Of the bolt that nobody reads from. */
async function groupingOfCounter(cluster: LabCluster, id: string): Promise<string> {
  const graph = Object.entries(await cluster.ui.graph(id)).filter(([name]) => !name.startsWith("__"));
  const read = new Set(graph.flatMap(([, component]) => component[":inputs"].map((input) => input[":component"])));
  const last = graph.find(([name, component]) => component[":type"] === "bolt" && !read.has(name));
  const inputs = last?.[1][":inputs"].filter((input) => !input[":component"].startsWith("__")) ?? [];
  return inputs.map((input) => input[":grouping"].toUpperCase()).join(", ") || "NONE";
}
