/**
 * `StormSubmitter`, as Storm's: a program makes a topology and submits it. Where it goes is for whoever runs it: `storm-lab submit`
 * puts it onto the cluster, `storm-lab local` runs it here, a worker takes it for its own share; started by itself it calls for
 * `storm-lab submit`.
 */
import { type ConfLike, type StormTopology, toConf, validateConf, validateTopologyName } from "../topology/index.ts";
import { submissionReceiver } from "./hand-over.ts";
import { submitAlone } from "./submit-alone.ts";

export const StormSubmitter = {
  /**
   * Resolves when the cluster has taken the topology. On a worker it never does: the program stands still at the submit of the topology
   * that runs there. Rejects with SL-TOPOLOGY-NAME, SL-CONF-VALUE, SL-PROGRAM-ALONE, SL-PROGRAM-SUBMIT, and what
   * the cluster refuses.
   */
  submitTopology(name: string, conf: ConfLike | null, topology: StormTopology): Promise<void> {
    return submit(name, conf, topology, false);
  },

  /** The same; Storm's draws a bar while it uploads, here whoever submits tells of it. */
  submitTopologyWithProgressBar(name: string, conf: ConfLike | null, topology: StormTopology): Promise<void> {
    return submit(name, conf, topology, true);
  },
} as const;

async function submit(
  name: string,
  conf: ConfLike | null,
  topology: StormTopology,
  progressBar: boolean,
): Promise<void> {
  validateTopologyName(name);
  validateConf(toConf(conf), "the topology's conf");
  const receive = submissionReceiver();
  if (receive === null) await submitAlone(name);
  else await receive({ name, conf, topology, progressBar });
}
