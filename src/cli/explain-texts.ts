/** The long texts of the commonest error codes in Chinese; the English ones are in each room's `error-codes.ts`. */
import { doctorTexts } from "../doctor/index.ts";
import type { Language } from "../language/index.ts";

interface Explained {
  readonly meaning: string;
  readonly hint: string;
}

/** What there is in this language besides English; null: nothing. */
export function explainedIn(language: Language, code: string): Explained | null {
  if (language === "en") return null;
  const name = code.replace(/^SL-/, "");
  if (Object.hasOwn(chinese, name)) return chinese[name] ?? null;
  const found = Object.entries(doctorTexts).find(([own]) => own === code);
  return found === undefined ? null : { meaning: `${found[1].why.zh}。`, hint: `${found[1].hint.zh}。` };
}

/** Without `SL-`. */
export const chinese: Readonly<Record<string, Explained>> = {
  USAGE: {
    meaning: "storm-lab 后面的词不是它认识的命令，或者缺少参数、选项写错、选项不能这样用。",
    hint: "storm-lab help 或 storm-lab help 命令名 会列出可以写什么。",
  },
  BUG: {
    meaning: "发生了 storm-lab 没有预料到的事；这是它自己的错误，不是你的。",
    hint: "加上 --verbose 再运行一次，把命令和输出一起报告给我们。",
  },
  CONFIRM: {
    meaning: "会删除数据的命令没有得到确认。",
    hint: "回答 y，或加上 --yes；--keep-data 会保留数据。",
  },
  "EXPLAIN-UNKNOWN": {
    meaning: "没有这个错误码。",
    hint: "不带错误码运行 storm-lab explain 会列出全部。",
  },
  "COMMAND-VALUE": {
    meaning: "命令的某个选项得到了它不接受的值。",
    hint: "storm-lab help 命令名 会说明每个选项接受什么。",
  },
  "NODE-TOO-OLD": {
    meaning:
      "storm-lab 可以由 Node 20 及以上启动，但要在 Node 24 或更新的版本上运行；在 Linux（glibc）和 macOS 上 npm 会把它一起装上。" +
      "现在它不在：可选的包被跳过了，或没有适合本平台的包。",
    hint: "用 npm ci --include=optional 重新安装，或自行安装 Node 24 或更新的版本。",
  },
  "NOT-BUILT": {
    meaning: "这份源码还没有构建，dist/ 里没有程序。",
    hint: "npm run build，或 npm start（会自动构建）。",
  },
  "INSTALL-FAILED": {
    meaning: "npm 没能装好依赖包；npm 自己的说明在前面。没有网络时需要事先填好的缓存。",
    hint: "npm ci --ignore-scripts",
  },
  "PORT-BUSY": {
    meaning: "守护进程需要的端口被别的程序占用了。",
    hint: "用 storm-lab up --ports free 换端口，或结束那个程序。",
  },
  "PORTS-TAKEN": {
    meaning: "找不到一整段空闲的端口。",
    hint: "结束其他集群，或用 storm-lab up --ports 40000 指定一段端口的第一个。",
  },
  "CLUSTER-NONE": {
    meaning: "本机没有命令所指的集群。",
    hint: "storm-lab clusters 列出已有的集群；storm-lab up 创建一个。",
  },
  "CLUSTER-WHICH": {
    meaning: "本机有多个集群，命令没有说明是哪一个。",
    hint: "用 --cluster 指定名字，或设置 STORM_LAB_CLUSTER。",
  },
  "CLUSTER-TARGET": {
    meaning: "集群里没有叫这个名字的节点、角色或进程。",
    hint: "storm-lab ps 列出每个进程及其节点和角色。",
  },
  "CLUSTER-BUSY": {
    meaning: "另一个命令正在修改这个集群。",
    hint: "等它结束。被杀掉的命令不会留下锁：下一个命令会接管。",
  },
  "CLUSTER-FILE": {
    meaning: "集群文件不是合法的 YAML，写了不存在的键，或键的值不合法。",
    hint: "改正所指出的那一行；storm-lab init --non-interactive --file other.yaml 会写出一份带注释的文件。",
  },
  "CLUSTER-FILE-MISSING": {
    meaning: "指定的集群文件不存在。",
    hint: "用 storm-lab init 写一份，或去掉 --file：up 会创建一个普通大小的集群。",
  },
  "CLUSTER-FILE-EXISTS": {
    meaning: "init 要写的文件已经存在。",
    hint: "直接使用它，或用 --file 换一个文件名。",
  },
  "CLUSTER-FOLDER": {
    meaning: "集群的文件夹无法写入：没有权限、磁盘满了，或那里有一个同名文件。",
    hint: "用 STORM_LAB_HOME 换一个文件夹，或解决错误里指出的问题。",
  },
  "DAEMON-ENDED": {
    meaning: "集群启动时有守护进程退出了：它的配置、端口或数据使它无法运行。",
    hint: "看所指日志的末尾。",
  },
  "UP-DEADLINE": {
    meaning: "集群的进程都在运行，但半分钟内没有正常工作。",
    hint: "看各节点的日志，里面写着每个守护进程在等什么。",
  },
  "NIMBUS-LEADER-NOT-FOUND": {
    meaning:
      "nimbus.seeds 里的主机都没有告诉我们一个连得上的 nimbus leader：没有 nimbus 在运行，还没有选出 leader，或从这里用 leader 登记的主机名连不到它。",
    hint:
      "启动集群；或在 nimbus.seeds 和 nimbus.thrift.port 里写对地址（-c 或 --config FILE）；" +
      "在 leader 上把 storm.local.hostname 设为所有节点都能解析的名字。",
  },
  "TOPOLOGY-NAME-TAKEN": {
    meaning: "集群上已经有同名的 topology 在运行，或名字里有 Storm 不允许的字符。",
    hint: "先终止旧的，或用 --name 换个名字提交。",
  },
  "TOPOLOGY-NAME": {
    meaning: "topology 的名字为空，或含有 / . : \\ 之一。名字会成为 id、路径和 znode 的一部分。",
    hint: "取一个简单的名字，例如 word-count。",
  },
  "TOPOLOGY-EXPORT": {
    meaning: "文件没有返回 { name, conf, topology } 的默认导出。",
    hint: "export default (args) => ({ name, conf, topology: builder.createTopology() })",
  },
  "TOPOLOGY-LOAD": {
    meaning: "加载 topology 文件或由它生成 topology 时抛出了错误，或缺少某个 import。",
    hint: "改正这个文件，或它 import 的文件。",
  },
  "TOPOLOGY-PARSE": {
    meaning:
      "topology 的文件，或它 import 的文件，不是合法的 TypeScript 或 JavaScript。类型只是被去掉：不能使用 enum、参数属性、namespace 和装饰器。",
    hint: "改正错误所指的那一行；npx tsc --noEmit FILE 会显示更多。",
  },
  "TOPOLOGY-UNKNOWN": {
    meaning: "没有这个名字的 topology 在运行。",
    hint: "先提交它，或改正名字。",
  },
  "COMPONENT-FAILED": {
    meaning: "spout 或 bolt 抛出了错误，或它的 promise 被拒绝。在 Storm 里 worker 会因此退出；在本地模式下运行会停止。",
    hint: "修好这个组件；如果只想让 tuple 失败，在 basic bolt 里抛出 FailedException，或调用 collector.fail。",
  },
  "COMPONENT-UNKNOWN": {
    meaning: "某个 grouping 或调用写了 topology 里没有的组件。",
    hint: "改正这个 id。",
  },
  "CONF-FILE": {
    meaning: "storm.yaml 读不了，不是合法的 YAML，或里面不是键和值。",
    hint: "改正所指的那一行：用空格不用制表符，冒号和短横后面要有空格。",
  },
  "CONF-VALUE": {
    meaning: "Storm 的某个配置键得到了它不接受的值。",
    hint: "使用所说的那种值。",
  },
  "CONF-KEY": {
    meaning: "这个键既不是 Storm 的，也没有写在所读的配置里。",
    hint: "docs/storm-yaml.md 列出所有的键；--config 可以指定别的文件。",
  },
  "DRPC-NO-SERVER": {
    meaning: "客户端知道的 DRPC 服务器都没有应答：没有指定，没有在那里运行，或都已经退出。",
    hint: "启动一个 DRPC 服务器（storm-lab drpc），并写进 drpc.servers，或用 --server HOST:PORT 指定。",
  },
  "DRPC-DEADLINE": {
    meaning: "DRPC 调用没有在客户端给的时间内得到结果。",
    hint: "确认有 topology 在提供这个函数，或给更长的时间。",
  },
  "ZK-MYID": {
    meaning: "dataDir 里没有 myid 文件，或它的编号不在任何 server 行里：服务器不知道自己是哪一台。",
    hint: "把这台服务器的编号写进 dataDir/myid。",
  },
  "ZK-CONFIG-READ": {
    meaning: "服务器的配置文件不存在或读不了。ZooKeeper 自带的是 zoo_sample.cfg，读取的是 zoo.cfg。",
    hint: "把 zoo_sample.cfg 复制为 zoo.cfg，或用 --config 指定别的文件。",
  },
  "ZK-PORT-BUSY": {
    meaning: "服务器要监听的端口已被占用，常常是先前的服务器还在运行。",
    hint: "结束那个进程，或在 zoo.cfg 里换一个端口。",
  },
  "ZK-UNREACHABLE": {
    meaning: "那里没有服务器应答，或运行的服务器不够多数。",
    hint: "用 storm-lab zookeeper ensemble status 看哪些在运行。",
  },
  "ZK-CONNECTION-LOSS": {
    meaning: "在应答到达之前连接断了：写入可能成功，也可能没有。",
    hint: "先读出现在的内容，再决定是否重新写入。",
  },
  "ZK-SESSION-EXPIRED": {
    meaning: "在会话超时时间内服务器没有收到任何消息；它的临时节点已经消失。",
    hint: "在新的会话里重新读取状态，再做决定。",
  },
  "ZK-NO-NODE": {
    meaning: "节点不存在：没有人创建过，或已被删除。",
    hint: "用 storm-lab zk ls 看它的上级节点里有什么。",
  },
  "ZK-DISK-FULL": {
    meaning: "dataDir 或 dataLogDir 所在的磁盘满了。服务器已停止；它确认过的数据都在磁盘上。",
    hint: "清理磁盘，设置 autopurge.purgeInterval=1，再启动服务器。",
  },
};
