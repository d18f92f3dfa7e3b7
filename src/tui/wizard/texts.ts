/** All that the wizard says. */
import { type Catalogue, type Language, type Say, speaker } from "../../language/index.ts";

export type WizardSay = Say<keyof typeof texts>;

export function wizardSay(language: Language, ascii: boolean): WizardSay {
  const say = speaker(texts, language);
  return ascii ? (key, values) => say(key, values).replaceAll("…", "...").replaceAll("×", "x") : say;
}

const texts = {
  title: { en: "A Storm cluster on this computer", zh: "在这台电脑上搭建一个 Storm 集群" },
  progress: { en: "question {number} of {total}", zh: "第 {number} 题，共 {total} 题" },
  keysText: {
    en: "enter: take it   esc: back   ?: help   Ctrl-C: later",
    zh: "回车：确定   esc：上一题   ?：帮助   Ctrl-C：以后再说",
  },
  keysChoice: {
    en: "arrows: choose   enter: take it   esc: back   ?: help   Ctrl-C: later",
    zh: "方向键：选择   回车：确定   esc：上一题   ?：帮助   Ctrl-C：以后再说",
  },
  other: { en: "something else …", zh: "其他……" },
  sameAs: { en: "the same as", zh: "等同于命令" },
  file: { en: "cluster.yaml", zh: "cluster.yaml" },
  footprint: {
    en: "{processes} processes, about {idle} MB; up to {full} MB with a worker in every slot",
    zh: "{processes} 个进程，约 {idle} MB 内存；每个 slot 都有 worker 时最多约 {full} MB",
  },
  footprintShort: { en: "about {idle} to {full} MB", zh: "约 {idle} 到 {full} MB" },
  memoryShort: { en: "{free} MB of memory are free now", zh: "目前空闲内存为 {free} MB" },
  filesShort: {
    en: "each process may open only {limit} files: ulimit -n 4096 allows more",
    zh: "每个进程最多只能打开 {limit} 个文件：可用 ulimit -n 4096 调高",
  },

  nameAsk: { en: "What is the cluster called?", zh: "集群叫什么名字？" },
  nameShort: { en: "name", zh: "名称" },
  nameHelp: {
    en: "Clusters stand side by side; the name tells them apart (--cluster NAME), and names the folder. 1 to 32 of a-z, 0-9 and -.",
    zh: "多个集群可以并存，靠名称区分（--cluster 名称），名称也是其文件夹名。可用 a-z、0-9 和 -，1 到 32 个字符。",
  },
  nameFault: {
    en: "a name is 1 to 32 of a-z, 0-9 and -, and begins with a letter or a digit",
    zh: "名称须为 1 到 32 个字符，只用 a-z、0-9 和 -，并以字母或数字开头",
  },
  nameTaken: {
    en: "there is a cluster {name} already: take another name (storm-lab down --cluster {name} would remove it)",
    zh: "集群 {name} 已经存在：请换一个名称（storm-lab down --cluster {name} 可将其删除）",
  },

  sizesAsk: { en: "How large is it?", zh: "集群多大？" },
  sizesShort: { en: "size", zh: "规模" },
  sizesLabel: {
    en: "ZooKeeper {zookeeper}, nimbus {nimbus}, supervisors {supervisors} x {slots} slots",
    zh: "ZooKeeper {zookeeper}，nimbus {nimbus}，supervisor {supervisors} × {slots} 个 slot",
  },
  sizesTyped: {
    en: "ZooKeeper, nimbus, supervisors x slots, such as 3 1 2x4:",
    zh: "ZooKeeper、nimbus、supervisor x slot，例如 3 1 2x4：",
  },
  sizesHelp: {
    en: "ZooKeeper needs a majority: of 3 servers one may die, of 5 two. Of two nimbuses one leads. Each slot runs one worker process.",
    zh: "ZooKeeper 须有多数存活：3 台可坏 1 台，5 台可坏 2 台。两个 nimbus 中一个挂了，另一个接替。每个 slot 运行一个 worker 进程。",
  },
  sizesFault: {
    en: "write ZooKeeper servers (1-9), nimbuses (1-5), supervisors (0-32) x slots (1-50), such as 3 1 2x4",
    zh: "请依次写 ZooKeeper 数（1-9）、nimbus 数（1-5）、supervisor 数（0-32）x slot 数（1-50），例如 3 1 2x4",
  },

  paceAsk: { en: "How soon is what dies replaced?", zh: "进程挂掉后多久补上？" },
  paceShort: { en: "pace", zh: "节奏" },
  paceClassroom: { en: "classroom: within seconds", zh: "classroom：几秒之内" },
  paceClassroomNote: {
    en: "Shorter time-outs than Storm's, to watch a worker return.",
    zh: "超时比 Storm 的短，方便在课堂上看 worker 恢复。",
  },
  paceStorm: { en: "storm: Storm's own time-outs", zh: "storm：Storm 自己的超时" },
  paceStormNote: { en: "As on real machines: half a minute and more.", zh: "和真实机器上一样：半分钟以上。" },
  paceHelp: {
    en: "Storm takes a silent worker for dead after 30 seconds and more; classroom writes shorter time-outs into each storm.yaml.",
    zh: "worker 没有心跳时，Storm 要等 30 秒以上才认为它死了。课堂上这太久了；classroom 会在每个 storm.yaml 里写入较短的超时。",
  },

  portsAsk: { en: "Which ports?", zh: "使用哪些端口？" },
  portsShort: { en: "ports", zh: "端口" },
  portsClassic: { en: "classic: 2181, 6627, 6700, 8080 …", zh: "classic：2181、6627、6700、8080……" },
  portsClassicNote: { en: "Those that Storm and ZooKeeper are known by.", zh: "Storm 和 ZooKeeper 的常用端口。" },
  portsBlock: { en: "{from} to {to}: a block of its own", zh: "{from} 到 {to}：单独的一段端口" },
  portsBlockNote: {
    en: "Free now; for a second cluster, or beside Apache Storm.",
    zh: "目前空闲；适合第二个集群，或与 Apache Storm 并存。",
  },
  portsTyped: { en: "The first port of a block of 200, or classic:", zh: "200 个端口的第一个，或 classic：" },
  portsHelp: {
    en: "classic is what books and the tutorial say. Two clusters cannot share ports: give the second a block. Each port is tried now.",
    zh: "classic 就是书上和教程里的端口。两个集群不能共用端口：给第二个集群单独一段。每个端口都会现在试一下。",
  },
  portsFault: {
    en: "write classic, or a number from {from} to {to}",
    zh: "请写 classic，或 {from} 到 {to} 之间的数字",
  },
  portBusy: { en: "port {port} ({use}) is taken", zh: "端口 {port}（{use}）已被占用" },
  portBusyBy: {
    en: "port {port} ({use}) is taken by {daemon} of the cluster {cluster}",
    zh: "端口 {port}（{use}）已被集群 {cluster} 的 {daemon} 占用",
  },

  extrasAsk: { en: "What else is to run?", zh: "还要运行什么？" },
  extrasShort: { en: "besides", zh: "附加" },
  extrasBoth: { en: "DRPC and UI", zh: "DRPC 和 UI" },
  extrasUi: { en: "UI", zh: "UI" },
  extrasDrpc: { en: "DRPC", zh: "DRPC" },
  extrasNone: { en: "neither", zh: "都不要" },
  extrasHelp: {
    en: "The UI shows the cluster in a browser and answers Storm's REST API. DRPC takes function calls that a topology answers.",
    zh: "UI 在浏览器里显示集群，并提供 Storm 的 REST API。DRPC 接收函数调用，由拓扑来回答。",
  },

  endingAsk: { en: "This is the plan. What now?", zh: "方案如下。接下来？" },
  endingShort: { en: "then", zh: "然后" },
  endingUp: { en: "save it and bring the cluster up", zh: "保存并启动集群" },
  endingUpNote: {
    en: "Takes some seconds; storm-lab down removes all of it.",
    zh: "需要几秒钟；storm-lab down 会全部删除。",
  },
  endingSave: { en: "save it", zh: "只保存" },
  endingSaveNote: {
    en: "cluster.yaml, start-all.sh and stop-all.sh; nothing is started.",
    zh: "写出 cluster.yaml、start-all.sh 和 stop-all.sh，不启动任何进程。",
  },
  endingPrint: { en: "only print cluster.yaml", zh: "只打印 cluster.yaml" },
  endingPrintNote: { en: "Nothing is written.", zh: "不写任何文件。" },
  endingHelp: {
    en: "start-all.sh starts the same daemons without storm-lab up, line by line; stop-all.sh ends them.",
    zh: "start-all.sh 不经 storm-lab up，一行一行地启动同样的守护进程；stop-all.sh 停止它们。",
  },
  choiceFault: { en: "{text} is not one of the choices", zh: "{text} 不在可选项中" },

  planNode: { en: "node", zh: "节点" },
  planRuns: { en: "runs", zh: "运行" },
  resumeAsk: { en: "There are answers of last time. Go on with them?", zh: "上次的回答还在。接着来吗？" },
  resumeYes: { en: "go on", zh: "接着来" },
  resumeYesNote: { en: "At the question where you stopped.", zh: "从上次停下的那一题继续。" },
  resumeNo: { en: "begin anew", zh: "重新开始" },
  resumeNoNote: { en: "The answers of last time are forgotten.", zh: "上次的回答将被丢弃。" },
  resumeHelp: {
    en: "Ctrl-C keeps what was answered up to then; it is offered once more here.",
    zh: "按 Ctrl-C 时，之前的回答会保留下来，在这里再次提供。",
  },
  kept: { en: "Your answers are kept for the next time.", zh: "你的回答已保留，下次可以接着来。" },
  wrote: { en: "wrote {file}", zh: "已写入 {file}" },
  next: { en: "next", zh: "下一步" },
  or: { en: "or", zh: "或者" },
} satisfies Catalogue<string>;
