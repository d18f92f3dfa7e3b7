/** `storm-lab doctor`: what is wrong with this machine and its clusters, why, and what mends it. */
import type { CommandSpec } from "../command.ts";
import { clusterOption } from "./cluster/place.ts";

export const doctorCommand: CommandSpec = {
  name: "doctor",
  summary: "find out what is wrong with this machine or a cluster on it, and what mends it",
  description:
    "Checks the machine (Node, memory, disk, ports, names) and each cluster: ZooKeeper, nimbus, supervisors, workers, topologies. " +
    "Ends with 0 when all is well or only warned of, with 3 when something keeps a cluster from working.",
  examples: [
    ["doctor", "everything"],
    ["doctor --fix", "and do what is safe, after showing it"],
    ["doctor --report report.zip", "for whoever helps: configurations, logs, findings, no secrets"],
  ],
  options: [
    { ...clusterOption, summary: "which cluster; all of this machine when left out (env: STORM_LAB_CLUSTER)" },
    { flags: "--fix", summary: "start what stands still and remove leftover pid files; ends and deletes nothing else" },
    { flags: "-y, --yes", summary: "with --fix: do not ask" },
    {
      flags: "--report <file>",
      summary: "write a zip archive with configurations, ends of logs, versions and findings",
    },
  ],
  run: async (context, input) => (await import("./doctor/doctor-run.ts")).runDoctor(context, input),
};
