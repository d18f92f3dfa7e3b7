/** What scripts know of pid files, see managed-process.ts. Where there is no /proc the id alone has to do. */
export const pidFileFunctions = `# identity PID: what tells this process from a later one with the same number.
identity() {
  if [ -r "/proc/$1/stat" ]; then
    echo "$(cat /proc/sys/kernel/random/boot_id):$(sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20)"
  fi
}

# running FILE: the number in this pid file, if that process is still the one that wrote it.
running() {
  local pid known
  read -r pid known 2>/dev/null <"$1.identity" || return 1
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
  [ "$known" = "$(identity "$pid")" ] || return 1
  echo "$pid"
}
`;
