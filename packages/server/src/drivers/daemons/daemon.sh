#!/bin/sh
# Starts a gateway's daemon in the network namespace it is called in, and leaves its process id behind.
# $1 file for the process id   $2 "inside" for the first process of the process namespace that was made for it
# $3 most 512-byte blocks of a file that it writes   rest: argv
set -eu
pid_file=$1 place=$2 blocks=$3
shift 3
ulimit -c 0
# Its log: what does not fit is dropped until the log is rotated.
ulimit -f "$blocks"
trap '' XFSZ
if [ "$place" = inside ]; then
  "$@" &
  printf '%s\n' "$!" > "$pid_file"
  exit
fi
printf '%s\n' "$$" > "$pid_file"
exec "$@"
