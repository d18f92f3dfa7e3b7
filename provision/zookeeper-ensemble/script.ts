/** The zkServer.sh that lies beside each server's configuration: ZooKeeper's own words, so that what the tutorial types works. */
import { pidFileFunctions } from "../processes/pid-file-script.ts";
import type { Seat } from "./layout.ts";

/** `program`: the words that start storm-lab; the variable STORM_LAB replaces them. */
export function zkServerScript(seat: Seat, program: readonly string[]): string {
  return `#!/usr/bin/env bash
# Server ${seat.id}: start, start-foreground, stop, restart, status. Written by storm-lab; safe to read, edit and run.
cd "$(dirname "\${BASH_SOURCE[0]}")/.." || exit 1
config=conf/zoo.cfg
value() { sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" "$config" | tail -n 1; }
pid_file="$(value dataDir)/zookeeper_server.pid"
port="$(value clientPort)"
if [ -n "$STORM_LAB" ]; then storm_lab=("$STORM_LAB"); else storm_lab=(${program.map(quoted).join(" ")}); fi

${pidFileFunctions}
refuse_second() {
  local pid
  if pid="$(running "$pid_file")"; then
    echo "already running as process $pid."
    exit 1
  fi
}

start() {
  echo "Using config: $PWD/$config"
  printf 'Starting zookeeper ... '
  refuse_second
  mkdir -p logs
  nohup "\${storm_lab[@]}" zookeeper --config "$PWD/$config" --pid-file "$pid_file" >>logs/zookeeper.out 2>&1 </dev/null &
  local child=$! left=100
  until running "$pid_file" >/dev/null || ! kill -0 "$child" 2>/dev/null || [ "$left" -eq 0 ]; do
    sleep 0.1
    left=$((left - 1))
  done
  # It is there; what its configuration or its ports refuse shows soon.
  sleep 1
  if running "$pid_file" >/dev/null; then
    echo STARTED
  else
    echo "FAILED TO START"
    tail -n 3 logs/zookeeper.out >&2
    exit 1
  fi
}

stop() {
  printf 'Stopping zookeeper ... '
  local pid left=100
  if ! pid="$(running "$pid_file")"; then
    echo "no zookeeper to stop (could not find file $pid_file)"
    rm -f "$pid_file" "$pid_file.identity"
    return
  fi
  kill "$pid"
  while running "$pid_file" >/dev/null && [ "$left" -gt 0 ]; do
    sleep 0.1
    left=$((left - 1))
  done
  if running "$pid_file" >/dev/null; then kill -9 "$pid"; fi
  rm -f "$pid_file" "$pid_file.identity"
  echo STOPPED
}

status() {
  echo "Using config: $PWD/$config"
  echo "Client port found: $port. Client address: localhost."
  local mode
  mode="$("\${storm_lab[@]}" zk four-letter srvr --server "127.0.0.1:$port" 2>/dev/null | grep '^Mode')"
  if [ -n "$mode" ]; then
    echo "$mode"
  else
    echo "Error contacting service. It is probably not running."
    exit 1
  fi
}

case "$1" in
  start) start ;;
  start-foreground)
    refuse_second
    exec "\${storm_lab[@]}" zookeeper --config "$PWD/$config" --pid-file "$pid_file"
    ;;
  stop) stop ;;
  restart)
    stop
    start
    ;;
  status) status ;;
  *)
    echo "Usage: $0 {start|start-foreground|stop|restart|status}" >&2
    exit 2
    ;;
esac
`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
