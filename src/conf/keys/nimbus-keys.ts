/** `nimbus.*` and what belongs to it. Source: Storm's defaults.yaml and DaemonConfig, 2.8. */
import {
  atLeastOne,
  count,
  fixedPortOrOff,
  honoured,
  type Keys,
  orNothing,
  port,
  positive,
  refused,
  text,
  texts,
  without,
} from "../key.ts";

const noJvm = "a daemon is no Java process";
const openCluster = "a cluster of a classroom is open to everybody on its network; Apache Storm secures one";

export const nimbusKeys: Keys = {
  "nimbus.seeds": honoured(["localhost"], texts, "hosts of nimbuses; any of them tells who leads"),
  "nimbus.thrift.port": honoured(6627, port, "where a nimbus listens"),
  "storm-lab.nimbus.metrics.port": honoured(
    -1,
    fixedPortOrOff,
    "of storm-lab alone: where a nimbus serves `/metrics` to Prometheus; -1: nowhere",
  ),
  "nimbus.thrift.tls.port": refused(0, port, "the same with TLS", openCluster),
  "nimbus.thrift.threads": without(
    64,
    atLeastOne,
    "calls at once",
    "calls wait for each other without threads; connections are bounded",
  ),
  "nimbus.thrift.max_buffer_size": honoured(1_048_576, atLeastOne, "bytes of one message"),
  "nimbus.queue.size": without(
    100_000,
    atLeastOne,
    "calls that wait",
    "calls wait for each other without threads; connections are bounded",
  ),
  "nimbus.task.timeout.secs": honoured(30, positive, "silence of an executor until it is taken for dead"),
  "nimbus.supervisor.timeout.secs": without(
    60,
    positive,
    "silence of a supervisor",
    "its znode goes with its ZooKeeper session, as in Storm 2.8",
  ),
  "nimbus.task.launch.secs": honoured(120, positive, "silence that is forgiven right after an assignment"),
  "nimbus.monitor.freq.secs": honoured(10, positive, "how often nimbus looks for what to assign anew"),
  "nimbus.cleanup.inbox.freq.secs": honoured(600, positive, "how often old uploads are looked for"),
  "nimbus.inbox.jar.expiration.secs": honoured(3600, positive, "age at which an upload goes"),
  "nimbus.file.copy.expiration.secs": honoured(600, positive, "silence until an upload or download is given up"),
  "nimbus.code.sync.freq.secs": honoured(120, positive, "how often a nimbus looks for code that it lacks"),
  "nimbus.topology.blobstore.deletion.delay.ms": honoured(300_000, count, "ms until the blobs of a dead topology go"),
  "nimbus.host": refused(null, orNothing(text), "the nimbus of Storm before 1.0", "nimbus.seeds lists them"),
  "nimbus.childopts": without("-Xmx1024m", text, "options of its Java process", noJvm),
  "nimbus.impersonation.authorizer": without(
    "org.apache.storm.security.auth.authorizer.ImpersonationAuthorizer",
    text,
    "who may act for whom",
    openCluster,
  ),
  "nimbus.authorizer": refused(null, orNothing(text), "who may do what", openCluster),
  "nimbus.admins": without([], { wants: "a list", holds: Array.isArray }, "who may do all", openCluster),
  "nimbus.topology.validator": without(
    "org.apache.storm.nimbus.DefaultTopologyValidator",
    text,
    "a check before a submit",
    noJvm,
  ),
  "nimbus.assignments.service.threads": without(
    10,
    atLeastOne,
    "threads that send assignments",
    "they are sent without threads",
  ),
  "nimbus.slots.perTopology": honoured(null, orNothing(atLeastOne), "most workers of a topology"),
  "nimbus.executors.perTopology": honoured(null, orNothing(atLeastOne), "most executors of a topology"),
  "topology.min.replication.count": honoured(1, atLeastOne, "nimbuses that must hold a topology's code before it runs"),
  "topology.max.replication.wait.time.sec": honoured(
    60,
    { wants: "a number, or -1 for ever", holds: (value) => typeof value === "number" && value >= -1 },
    "how long a submit waits for them",
  ),
};
