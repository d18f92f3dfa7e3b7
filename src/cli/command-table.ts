/** Every command, in the order in which help lists them. */
import type { CommandSpec } from "./command.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { reloadCommand, scaleCommand } from "./commands/cluster/change.ts";
import { dashboardCommand } from "./commands/cluster/dashboard.ts";
import { downCommand } from "./commands/cluster/down.ts";
import { faultCommand } from "./commands/cluster/fault.ts";
import { initCommand } from "./commands/cluster/init.ts";
import { lifecycleCommands } from "./commands/cluster/lifecycle.ts";
import { logsCommand } from "./commands/cluster/logs.ts";
import { openCommand } from "./commands/cluster/open.ts";
import { clustersCommand, psCommand } from "./commands/cluster/ps.ts";
import { quickstartCommand } from "./commands/cluster/quickstart.ts";
import { statusCommand } from "./commands/cluster/status.ts";
import { upCommand } from "./commands/cluster/up.ts";
import { completeCommand, completionCommand } from "./commands/completion.ts";
import { localConfValueCommand } from "./commands/conf-value.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { drpcCommand } from "./commands/drpc.ts";
import { explainCommand } from "./commands/explain.ts";
import { labCommand } from "./commands/lab.ts";
import { localCommand, localWorkerCommand } from "./commands/local.ts";
import { nimbusCommand } from "./commands/nimbus.ts";
import { remoteConfValueCommand } from "./commands/remote-conf-value.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { submitCommand } from "./commands/submit.ts";
import { killWorkersCommand, nodeHealthCheckCommand, supervisorCommand } from "./commands/supervisor.ts";
import { activateCommand, deactivateCommand } from "./commands/topology-activation.ts";
import { getErrorsCommand } from "./commands/topology-errors.ts";
import { killCommand } from "./commands/topology-kill.ts";
import { listCommand } from "./commands/topology-list.ts";
import { setLogLevelCommand } from "./commands/topology-log-level.ts";
import { monitorCommand } from "./commands/topology-monitor.ts";
import { rebalanceCommand } from "./commands/topology-rebalance.ts";
import { uiCommand } from "./commands/ui.ts";
import { versionCommand } from "./commands/version.ts";
import { workerCommand } from "./commands/worker.ts";
import { zkCommand } from "./commands/zk.ts";
import { zookeeperCommand } from "./commands/zookeeper.ts";

export const commandTable: readonly CommandSpec[] = [
  quickstartCommand,
  initCommand,
  upCommand,
  downCommand,
  ...lifecycleCommands,
  doctorCommand,
  statusCommand,
  psCommand,
  clustersCommand,
  logsCommand,
  openCommand,
  dashboardCommand,
  faultCommand,
  scaleCommand,
  reloadCommand,
  submitCommand,
  listCommand,
  killCommand,
  activateCommand,
  deactivateCommand,
  rebalanceCommand,
  getErrorsCommand,
  monitorCommand,
  setLogLevelCommand,
  localCommand,
  localWorkerCommand,
  labCommand,
  simulateCommand,
  nimbusCommand,
  supervisorCommand,
  drpcCommand,
  uiCommand,
  workerCommand,
  zookeeperCommand,
  zkCommand,
  killWorkersCommand,
  nodeHealthCheckCommand,
  localConfValueCommand,
  remoteConfValueCommand,
  explainCommand,
  bundleCommand,
  completionCommand,
  completeCommand,
  versionCommand,
];
