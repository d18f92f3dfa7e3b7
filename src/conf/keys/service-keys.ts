/** `ui.*`, `logviewer.*`, `drpc.*`, `pacemaker.*`. Source: Storm's defaults.yaml and DaemonConfig, 2.8. */
import { atLeastOne, flag, type Keys, orNothing, port, portOrOff, positive, text, texts, without } from "../key.ts";

const noUi = "the ui daemon is not here yet";
const noDrpc = "the drpc daemon is not here yet";
const noPacemaker = "heartbeats go to ZooKeeper and to nimbus, as they do in Storm without Pacemaker";

export const serviceKeys: Keys = {
  "ui.host": without("0.0.0.0", text, "where the UI listens", noUi),
  "ui.port": without(8080, port, "its port", noUi),
  "ui.actions.enabled": without(true, flag, "whether it can kill and rebalance", noUi),
  "ui.pagination": without(20, atLeastOne, "rows of a page", noUi),
  "ui.childopts": without("-Xmx768m", text, "options of its Java process", noUi),
  "logviewer.port": without(8000, port, "where logs are served", noUi),
  "logviewer.cleanup.age.mins": without(10_080, positive, "age at which logs go", noUi),
  "logviewer.max.sum.worker.logs.size.mb": without(4096, positive, "room for all workers' logs", noUi),
  "logviewer.max.per.worker.logs.size.mb": without(2048, positive, "room for a worker's logs", noUi),
  "logviewer.childopts": without("-Xmx128m", text, "options of its Java process", noUi),
  "drpc.servers": without(null, orNothing(texts), "hosts of DRPC servers", noDrpc),
  "drpc.port": without(3772, port, "where calls come in", noDrpc),
  "drpc.invocations.port": without(3773, port, "where topologies fetch calls", noDrpc),
  "drpc.http.port": without(3774, portOrOff, "calls over HTTP", noDrpc),
  "drpc.https.port": without(-1, portOrOff, "calls over HTTPS", noDrpc),
  "drpc.worker.threads": without(64, atLeastOne, "calls at once", noDrpc),
  "drpc.queue.size": without(128, atLeastOne, "calls that wait", noDrpc),
  "drpc.request.timeout.secs": without(600, positive, "how long a call may take", noDrpc),
  "drpc.max_buffer_size": without(1_048_576, positive, "bytes of one message", noDrpc),
  "drpc.childopts": without("-Xmx768m", text, "options of its Java process", noDrpc),
  "pacemaker.port": without(6699, port, "Pacemaker's port", noPacemaker),
  "pacemaker.servers": without([], { wants: "a list", holds: Array.isArray }, "Pacemaker's hosts", noPacemaker),
};
