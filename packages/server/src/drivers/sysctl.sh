#!/bin/sh
# Reads or writes kernel settings in the caller's network namespace.
# "read PATH..." prints PATH:VALUE for each path below /proc/sys that exists. (The shell's own read would take the file
# byte by byte, of which the kernel answers the first only.)
# "write" takes lines of a path, a space and a value from standard input; paths that do not exist are skipped.
cd /proc/sys || exit 1
verb=$1
shift
if [ "$verb" = read ]; then
  grep -sH '' -- "$@"
  exit 0
fi
status=0
while read -r path value; do
  [ -e "$path" ] || continue
  printf '%s\n' "$value" > "$path" || status=1
done
exit $status
