#!/bin/sh
# Becomes a gateway's daemon, in the network namespace (and for charon the mount namespace) it is started in.
# $1 file for the process id   $2 "private" for an empty /run of its own   $3 library to preload, or ""   rest: argv
set -eu
pid_file=$1 run=$2 preload=$3
shift 3
printf '%s\n' "$$" > "$pid_file"
if [ "$run" = private ]; then
  # charon insists on /run/charon.pid, and there is a charon per gateway.
  mount -t tmpfs -o mode=0755,size=256k landbridge /run
fi
if [ -n "$preload" ]; then
  LD_PRELOAD=$preload
  export LD_PRELOAD
fi
exec "$@"
