#!/bin/sh
# Runs a command with an empty /run of its own; the caller has made a private mount namespace.
mount -t tmpfs tmpfs /run || exit 1
exec "$@"
