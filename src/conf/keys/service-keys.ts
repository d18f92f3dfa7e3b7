/** `ui.*`, `logviewer.*`, `drpc.*`, `pacemaker.*`. Source: Storm's defaults.yaml and DaemonConfig, 2.8. */
import {
  atLeastOne,
  flag,
  honoured,
  type Keys,
  orNothing,
  port,
  portOrOff,
  positive,
  refused,
  text,
  texts,
  without,
} from "../key.ts";

const noThreads = "a call that waits takes no thread; storm-lab.drpc.function.waiting.max bounds how many may";
const noJvm = "a daemon is no Java process";
const noPacemaker = "heartbeats go to ZooKeeper and to nimbus, as they do in Storm without Pacemaker";

export const serviceKeys: Keys = {
  "ui.host": honoured("127.0.0.1", text, "where the UI listens; Storm's default is 0.0.0.0, everywhere"),
  "ui.port": honoured(8080, port, "its port"),
  "ui.actions.enabled": honoured(true, flag, "whether it can kill and rebalance"),
  "ui.pagination": without(20, atLeastOne, "rows of a page", "the page shows all rows"),
  "ui.childopts": without("-Xmx768m", text, "options of its Java process", noJvm),
  "storm-lab.logviewer.cluster.dir": honoured(
    null,
    orNothing(text),
    "of storm-lab alone: the folder of a cluster all of whose nodes' logs are served; by default those of this node",
  ),
  "storm-lab.ui.token": honoured(
    null,
    orNothing(text),
    "of storm-lab alone: what must be sent with actions to a UI that others can reach",
  ),
  "logviewer.port": honoured(8000, portOrOff, "where logs are served, beside ui.port; -1: there alone"),
  "logviewer.cleanup.interval.secs": honoured(
    undefined,
    positive,
    "how often logs of workers are cleaned up; as in Storm they are never, when it is not set",
  ),
  "logviewer.cleanup.age.mins": honoured(
    10_080,
    positive,
    "how long ago the folder of a dead worker was last written, when it goes; nimbus forgets ended topologies after as long",
  ),
  "logviewer.max.sum.worker.logs.size.mb": honoured(
    4096,
    positive,
    "room for the logs of all workers of a node; beyond it the oldest files go",
  ),
  "logviewer.max.per.worker.logs.size.mb": honoured(
    2048,
    positive,
    "room for a worker's logs; half of the former at most",
  ),
  "logviewer.childopts": without("-Xmx128m", text, "options of its Java process", noJvm),
  "drpc.servers": honoured(null, orNothing(texts), "hosts of DRPC servers"),
  "drpc.port": honoured(3772, port, "where calls come in"),
  "drpc.invocations.port": honoured(3773, port, "where topologies fetch calls"),
  "drpc.http.port": honoured(3774, portOrOff, "calls over HTTP; -1: none"),
  "drpc.https.port": refused(-1, portOrOff, "calls over HTTPS", "nothing is served over TLS"),
  "drpc.worker.threads": without(64, atLeastOne, "calls at once", noThreads),
  "drpc.queue.size": without(128, atLeastOne, "calls that wait for a thread", noThreads),
  "drpc.request.timeout.secs": honoured(600, positive, "how long a call may take, to the millisecond"),
  "drpc.max_buffer_size": honoured(1_048_576, positive, "bytes of one message, arguments or result"),
  "drpc.childopts": without("-Xmx768m", text, "options of its Java process", noJvm),
  "storm-lab.drpc.function.waiting.max": honoured(
    20_000,
    atLeastOne,
    "of storm-lab alone: calls of one function that wait; one more is refused",
  ),
  "pacemaker.port": without(6699, port, "Pacemaker's port", noPacemaker),
  "pacemaker.servers": without([], { wants: "a list", holds: Array.isArray }, "Pacemaker's hosts", noPacemaker),
};
