/** The words of each finding in both languages: what was seen, its usual cause, what a person can do. `explain CODE` tells the last two. */
import type { Text } from "../language/index.ts";

export interface DoctorText {
  readonly what: Text;
  readonly why: Text;
  readonly hint: Text;
}

export type DoctorCode = keyof typeof doctorTexts;

export const doctorTexts = {
  "SL-DOCTOR-NODE": text(
    ["Node is {version}", "Node 版本是 {version}"],
    ["storm-lab runs on Node 24 or newer", "storm-lab 需要 Node 24 或更新的版本"],
    [
      "npm ci --include=optional brings one, or install Node 24",
      "运行 npm ci --include=optional 会自动带上，或自行安装 Node 24",
    ],
  ),
  "SL-DOCTOR-LIBC": text(
    ["the C library is {version}", "C 库是 {version}"],
    [
      "ZeroMQ and Node come for glibc 2.28 or newer; musl (Alpine) and older systems have none",
      "ZeroMQ 和 Node 的二进制文件需要 glibc 2.28 或更新版本；musl（Alpine）和旧系统没有",
    ],
    ["use Debian 10, Ubuntu 20.04 or newer", "请使用 Debian 10、Ubuntu 20.04 或更新的系统"],
  ),
  "SL-DOCTOR-MEMORY": text(
    ["{available} MB of memory are free", "可用内存只剩 {available} MB"],
    [
      "a cluster of the usual size takes about 1 GB; with less, processes are ended by the system",
      "普通大小的集群大约需要 1 GB 内存；不够时系统会杀掉进程",
    ],
    [
      "close other programs, or take fewer: storm-lab up --supervisors 1 --zookeeper 1",
      "关闭其他程序，或启动小一点的集群：storm-lab up --supervisors 1 --zookeeper 1",
    ],
  ),
  "SL-DOCTOR-OPEN-FILES": text(
    ["a process may open {limit} files", "一个进程最多只能打开 {limit} 个文件"],
    [
      "each connection is one; a nimbus or ZooKeeper server with many clients needs some thousand",
      "每个连接都占一个；客户端多的 nimbus 或 ZooKeeper 服务器需要几千个",
    ],
    ["ulimit -n 65536 in the shell that starts the cluster", "在启动集群的 shell 里运行 ulimit -n 65536"],
  ),
  "SL-DOCTOR-DISK": text(
    ["{free} MB are free below {path}", "{path} 所在磁盘只剩 {free} MB"],
    [
      "ZooKeeper writes every change before it answers, workers write logs: on a full disk both end",
      "ZooKeeper 先把每次修改写盘再应答，worker 要写日志：磁盘满了两者都会停",
    ],
    [
      "make room, remove clusters that are not needed (storm-lab down), or set STORM_LAB_HOME to another disk",
      "清理磁盘、删除不用的集群（storm-lab down），或把 STORM_LAB_HOME 设到别的磁盘",
    ],
  ),
  "SL-DOCTOR-TEMP": text(
    [
      "the folder for temporary files, {path}, cannot be written ({problem})",
      "临时文件夹 {path} 无法写入（{problem}）",
    ],
    [
      "TMPDIR names a folder that is not there or belongs to somebody else, or its disk is full",
      "TMPDIR 指向的文件夹不存在、属于别人，或磁盘已满",
    ],
    ["set TMPDIR to a folder of your own", "把 TMPDIR 设为自己的文件夹"],
  ),
  "SL-DOCTOR-HOST-NAME": text(
    ["the name of this machine, {name}, does not resolve ({problem})", "本机名 {name} 无法解析（{problem}）"],
    [
      "daemons tell each other their host's name; without storm.local.hostname it is this one",
      "守护进程互相告知主机名；没有 storm.local.hostname 时用的就是它",
    ],
    [
      "add the name to /etc/hosts, or set storm.local.hostname in storm.yaml",
      "把它写进 /etc/hosts，或在 storm.yaml 里设置 storm.local.hostname",
    ],
  ),
  "SL-DOCTOR-PORT": text(
    ["port {port} on {host} for {use} is taken by {holder}", "{host} 的端口 {port}（{use}）被 {holder} 占用"],
    [
      "another cluster, Apache Storm or ZooKeeper, or a leftover process listens there",
      "那里有另一个集群、Apache Storm 或 ZooKeeper，或残留的进程在监听",
    ],
    [
      "end that program, or take other ports: storm-lab up --ports free",
      "结束那个程序，或换端口：storm-lab up --ports free",
    ],
  ),
  "SL-DOCTOR-PID-FILE": text(
    ["a pid file tells of process {pid}, which is gone", "pid 文件里的进程 {pid} 已经不在了"],
    ["the process was killed, or the machine was switched off", "进程被杀掉，或机器断过电"],
    [
      "storm-lab doctor --fix removes it; storm-lab start starts the daemon again",
      "storm-lab doctor --fix 会删除它；storm-lab start 会重新启动守护进程",
    ],
  ),
  "SL-DOCTOR-PROCESS-LEFT": text(
    [
      "process {pid} belongs to the cluster {cluster}, whose folder is gone",
      "进程 {pid} 属于集群 {cluster}，但它的文件夹已经没有了",
    ],
    ["the folder was removed by hand while the cluster ran", "集群还在运行时，文件夹被手工删除了"],
    ["end the process by its number", "按进程号结束它"],
  ),
  "SL-DOCTOR-CLOCK": text(
    ["the clock here says {time}", "本机时钟是 {time}"],
    [
      "it was never set, or a battery is empty: uptimes and time-outs are wrong then",
      "时钟从未校准，或主板电池没电：运行时间和超时都会出错",
    ],
    ["set the clock, or let NTP do so", "校准时钟，或启用 NTP"],
  ),
  "SL-DOCTOR-ZK-DOWN": text(
    ["ZooKeeper server {id} does not serve", "ZooKeeper 服务器 {id} 没有提供服务"],
    [
      "its process is stopped or paused, or it finds no other server; with a majority the ensemble goes on without it",
      "它的进程停了或被暂停，或找不到其他服务器；只要多数还在，集群照常工作",
    ],
    [
      "storm-lab start, and read its log: storm-lab logs zookeeper",
      "运行 storm-lab start，并看它的日志：storm-lab logs zookeeper",
    ],
  ),
  "SL-DOCTOR-ZK-MAJORITY": text(
    [
      "{serving} of {servers} ZooKeeper servers serve: no majority",
      "{servers} 台 ZooKeeper 服务器只有 {serving} 台在服务：不够多数",
    ],
    [
      "without more than half of its servers an ensemble answers nobody: no topology can be placed or killed",
      "没有超过半数的服务器，ensemble 不应答任何请求：不能分配也不能终止 topology",
    ],
    ["start servers until more than half of them run", "启动服务器，直到超过半数在运行"],
  ),
  "SL-DOCTOR-ZK-LEADERS": text(
    ["{leaders} ZooKeeper servers say that they lead", "有 {leaders} 台 ZooKeeper 服务器自称 leader"],
    [
      "an ensemble has one leader; the servers do not know of each other",
      "一个 ensemble 只有一个 leader；这些服务器互相不认识",
    ],
    ["give all of them the same server.N lines in zoo.cfg", "让所有 zoo.cfg 里的 server.N 行完全一样"],
  ),
  "SL-DOCTOR-MYID": text(
    ["myid of ZooKeeper server {id} is {found}", "ZooKeeper 服务器 {id} 的 myid 是 {found}"],
    [
      "myid holds the number of the server's own line server.N in zoo.cfg, and nothing else",
      "myid 里只写本服务器在 zoo.cfg 中 server.N 那一行的编号",
    ],
    ["write the number into the file and restart the server", "把编号写进文件，然后重启这台服务器"],
  ),
  "SL-DOCTOR-ZOO-CFG": text(
    [
      "zoo.cfg of ZooKeeper server {id} lists other servers than that of server {other}",
      "ZooKeeper 服务器 {id} 的 zoo.cfg 和服务器 {other} 的服务器列表不同",
    ],
    ["the lines server.N must be the same everywhere", "所有服务器的 server.N 行必须一样"],
    ["make the lines equal and restart the servers", "把这些行改成一样，然后重启服务器"],
  ),
  "SL-DOCTOR-NIMBUS-LEADER": text(
    ["no nimbus leads", "没有 nimbus 是 leader"],
    [
      "nimbus does not run, or it cannot reach a majority of the ZooKeeper servers",
      "nimbus 没有运行，或连不上多数 ZooKeeper 服务器",
    ],
    [
      "storm-lab start nimbus, and read storm-lab logs nimbus",
      "运行 storm-lab start nimbus，并看 storm-lab logs nimbus",
    ],
  ),
  "SL-DOCTOR-STOPPED": text(
    ["{process} does not run", "{process} 没有运行"],
    [
      "it was stopped or killed, or it ended by itself: then its log says why",
      "它被停止或杀掉，或自己退出了：退出的原因在日志里",
    ],
    ["storm-lab start", "storm-lab start"],
  ),
  "SL-DOCTOR-PAUSED": text(
    ["{process} is paused", "{process} 被暂停了"],
    [
      "storm-lab pause, fault pause or Ctrl-Z froze it: it holds its connections and answers nobody",
      "storm-lab pause、fault pause 或 Ctrl-Z 冻结了它：连接还在，但不应答",
    ],
    ["storm-lab resume", "storm-lab resume"],
  ),
  "SL-DOCTOR-SUPERVISOR": text(
    ["{process} runs, and nimbus does not know of it", "{process} 在运行，但 nimbus 不知道它"],
    [
      "its session with ZooKeeper has ended, or its storm.yaml names another ensemble or another storm.zookeeper.root",
      "它和 ZooKeeper 的会话断了，或它的 storm.yaml 写的是别的 ensemble 或别的 storm.zookeeper.root",
    ],
    [
      "read its log, look at storm-lab fault list, compare its storm.yaml with that of nimbus",
      "看它的日志和 storm-lab fault list，并把它的 storm.yaml 和 nimbus 的比较",
    ],
  ),
  "SL-DOCTOR-STORM-YAML": text(
    ["storm.yaml of {node} says another {key} than that of {other}", "{node} 的 storm.yaml 里 {key} 和 {other} 的不同"],
    [
      "daemons of one cluster must use the same ZooKeeper and the same root in it",
      "同一个集群的守护进程必须用同一个 ZooKeeper 和同一个根路径",
    ],
    ["make them equal, or storm-lab reload", "改成一样，或运行 storm-lab reload"],
  ),
  "SL-DOCTOR-YAML-BROKEN": text(
    ["storm.yaml of {node} cannot be read: {problem}", "{node} 的 storm.yaml 读不了：{problem}"],
    [
      "a colon or a dash without a space behind it, a tab, a wrong indent, or a value of the wrong kind",
      "冒号或短横后面少了空格、用了制表符、缩进不对，或值的类型不对",
    ],
    [
      "storm-lab localconfvalue KEY --config FILE tells the line",
      "storm-lab localconfvalue KEY --config FILE 会指出是哪一行",
    ],
  ),
  "SL-DOCTOR-NETWORK-FAULT": text(
    ["{faults} fault(s) lie on the network", "网络上有 {faults} 个故障"],
    [
      "storm-lab fault partition or fault delay made them, and nobody has mended them",
      "它们是 storm-lab fault partition 或 fault delay 造成的，还没有修复",
    ],
    ["storm-lab fault heal", "storm-lab fault heal"],
  ),
  "SL-DOCTOR-SLOTS": text(
    [
      "{topology} has {workers} of the {wanted} workers that it wants; {free} slots are free",
      "{topology} 要 {wanted} 个 worker，只有 {workers} 个；空闲 slot 有 {free} 个",
    ],
    [
      "too few slots for all, or supervisors that do not beat; Storm then packs executors closer, or lets the topology wait",
      "slot 不够所有 topology 用，或有 supervisor 没有心跳；Storm 会把 executor 挤在一起，或让 topology 等待",
    ],
    ["storm-lab scale supervisor=+1, or kill a topology", "storm-lab scale supervisor=+1，或终止一个 topology"],
  ),
  "SL-DOCTOR-WORKER-LOOP": text(
    [
      "workers on {slot} ended {count} times within ten minutes: {error}",
      "{slot} 上的 worker 十分钟内退出了 {count} 次：{error}",
    ],
    [
      "the author's code fails at its start, so the supervisor starts the worker again and again",
      "作者的代码一启动就出错，supervisor 只好一遍遍地重启 worker",
    ],
    [
      "read the worker's log, repair the code, kill the topology and submit it again",
      "看 worker 的日志，改好代码，终止 topology 后重新提交",
    ],
  ),
  "SL-DOCTOR-FILE-MISSING": text(
    [
      "{component} of {topology} misses a file on {host}: {error}",
      "{topology} 的 {component} 在 {host} 上找不到文件：{error}",
    ],
    [
      "a spout opens its file on the node where it runs: the file must be on every supervisor's node",
      "spout 在它运行的节点上打开文件：每个 supervisor 节点都要有这个文件",
    ],
    ["copy the file to every node, or name one that all have", "把文件复制到每个节点，或换一个所有节点都有的文件"],
  ),
  "SL-DOCTOR-COMPONENT-ERROR": text(
    [
      "{component} of {topology} failed on {host} {seconds} s ago: {error}",
      "{topology} 的 {component} 在 {host} 上 {seconds} 秒前出错：{error}",
    ],
    [
      "the author's code threw an error; its tuple fails, or its worker ends",
      "作者的代码抛出了错误；它的 tuple 会失败，或 worker 会退出",
    ],
    [
      "storm-lab get-errors and storm-lab logs show the whole error",
      "storm-lab get-errors 和 storm-lab logs 会显示完整的错误",
    ],
  ),
  "SL-DOCTOR-TUPLES-FAILED": text(
    [
      "{failed} tuples of {component} in {topology} failed within ten minutes",
      "{topology} 中 {component} 的 {failed} 个 tuple 在十分钟内失败",
    ],
    [
      "a bolt does not ack, fails tuples, or is slower than topology.message.timeout.secs",
      "有 bolt 忘了 ack、主动 fail，或处理时间超过 topology.message.timeout.secs",
    ],
    [
      "ack every tuple, lower topology.max.spout.pending, or raise the time-out",
      "每个 tuple 都要 ack；降低 topology.max.spout.pending，或调大超时",
    ],
  ),
} satisfies Readonly<Record<string, DoctorText>>;

type Both = readonly [en: string, zh: string];

function text(what: Both, why: Both, hint: Both): DoctorText & Readonly<Record<"what" | "why" | "hint", Text>> {
  return { what: both(what), why: both(why), hint: both(hint) };
}

function both([en, zh]: Both): Text {
  return { en, zh };
}
