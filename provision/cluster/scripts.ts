/**
 * start-all.sh and stop-all.sh as the tutorial teaches them: one line for each daemon, in the background, its output beside it. They do
 * what `up` and `down --keep-data` do, without the planner; what they start is seen by `ps`, `status` and `down`. Pure.
 */
import { pidFileFunctions } from "../processes/pid-file-script.ts";
import type { ClusterLayout, Daemon } from "./layout.ts";

/** `program`: the words that start storm-lab; the variable STORM_LAB replaces them. */
export function startAllScript(layout: ClusterLayout, program: readonly string[]): string {
  const lines = layout.daemons.map((daemon) => startLine(layout, daemon));
  return `#!/usr/bin/env bash
# Starts the daemons of the cluster ${layout.spec.name}. Written by storm-lab; safe to read and run.
cd "$(dirname "\${BASH_SOURCE[0]}")" || exit 1
${programLines(program)}
${pidFileFunctions}
export STORM_LAB_FAULTS=$PWD/run/faults.json
# start NODE NAME PIDFILE FOLDER OUTPUT WORDS…: in the background, unless it runs.
start() {
  export STORM_LAB_NODE=$1
  local name=$2 pid_file=$3 folder=$4 output=$5
  shift 5
  if running "$pid_file" >/dev/null; then
    echo "$name runs already"
    return
  fi
  mkdir -p "$(dirname "$pid_file")" "$folder" "$(dirname "$output")"
  (cd "$folder" && exec nohup "\${storm_lab[@]}" "$@" --pid-file "$here/$pid_file") >>"$output" 2>&1 </dev/null &
  # Its pid file is the first thing that it writes: from then on whoever looks finds it.
  local begun=$! left=400
  until running "$pid_file" >/dev/null; do
    if ! kill -0 "$begun" 2>/dev/null || ((left-- == 0)); then
      echo "$name did not start: see $output" >&2
      failed=1
      return
    fi
    sleep 0.05
  done
  echo "$name started"
}

failed=0

${lines.join("\n")}
exit $failed
`;
}

/** A supervisor would start its workers again, so it goes before them. */
export function stopAllScript(layout: ClusterLayout, program: readonly string[]): string {
  const lines = [...layout.daemons].reverse().flatMap((daemon) => stopLines(layout, daemon));
  return `#!/usr/bin/env bash
# Stops the daemons of the cluster ${layout.spec.name} and their workers; data is kept. Written by storm-lab; safe to read and run.
cd "$(dirname "\${BASH_SOURCE[0]}")" || exit 1
${programLines(program)}
${pidFileFunctions}
# stop NAME PIDFILE: asks it to end, and after ten seconds makes it.
stop() {
  local pid left=100
  if ! pid=$(running "$2"); then
    echo "$1 does not run"
    return
  fi
  kill "$pid"
  while running "$2" >/dev/null && [ "$left" -gt 0 ]; do
    sleep 0.1
    left=$((left - 1))
  done
  if running "$2" >/dev/null; then kill -9 "$pid"; fi
  rm -f "$2" "$2.identity"
  echo "$1 stopped"
}

${lines.join("\n")}
`;
}

function programLines(program: readonly string[]): string {
  return `here=$PWD
if [ -n "$STORM_LAB" ]; then storm_lab=("$STORM_LAB"); else storm_lab=(${program.map(quoted).join(" ")}); fi`;
}

function startLine(layout: ClusterLayout, daemon: Daemon): string {
  const places = [daemon.pidFile, daemon.folder, daemon.outputFile].map((path) => quoted(inside(layout, path)));
  const words = daemon.args.map((word) => (word.startsWith("/") ? `"$here"/${quoted(inside(layout, word))}` : word));
  return `start ${daemon.node} ${daemon.id} ${places.join(" ")} ${words.join(" ")}`;
}

/** A supervisor leaves its workers running when it ends, as Storm's does: `kill_workers` is Storm's command for the rest. */
function stopLines(layout: ClusterLayout, { id, role, pidFile, configFiles }: Daemon): string[] {
  const stop = `stop ${id} ${quoted(inside(layout, pidFile))}`;
  const config = configFiles.map((file) => `"$here"/${quoted(inside(layout, file))}`).join(" ");
  return role === "supervisor" ? [stop, `"\${storm_lab[@]}" kill_workers --config ${config}`] : [stop];
}

/** Paths relative to the cluster's folder, which may be moved. */
function inside(layout: ClusterLayout, path: string): string {
  return path.startsWith(`${layout.folder}/`) ? path.slice(layout.folder.length + 1) : path;
}

function quoted(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
