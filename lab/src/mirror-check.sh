#!/bin/bash
# mirror-check.sh FROM TO FILE SECONDS: a device's own health check, through its tunnel each time these seconds (a tenth, on a
# usual machine) have passed. Three silences in a row take 100 from its VRRP priority, 15 answers give it back. keepalived's own
# scripts cannot run more often than once a second.
from=$1 to=$2 file=$3 interval=$4
timeout_ms=$(awk "BEGIN { print int(1000 * $interval) }")
answers=0 silences=0

tell() {
  echo "$1" > "$file.new"
  mv "$file.new" "$file"
}

while sleep "$interval"; do
  if fping -q -c 1 -t "$timeout_ms" -S "$from" "$to" &> /dev/null; then
    silences=0
    [ $((++answers)) -eq 15 ] && tell 0
  else
    answers=0
    [ $((++silences)) -eq 3 ] && tell -100
  fi
done
