#!/bin/bash
# mirror-check.sh FROM TO FILE: a device's own health check, ten times a second through its tunnel. Three silences in a row take
# 100 from its VRRP priority, 15 answers give it back. keepalived's own scripts cannot run more often than once a second.
from=$1 to=$2 file=$3
answers=0 silences=0

tell() {
  echo "$1" > "$file.new"
  mv "$file.new" "$file"
}

while sleep 0.1; do
  if fping -q -c 1 -t 100 -S "$from" "$to" &> /dev/null; then
    silences=0
    [ $((++answers)) -eq 15 ] && tell 0
  else
    answers=0
    [ $((++silences)) -eq 3 ] && tell -100
  fi
done
