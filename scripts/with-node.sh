#!/bin/sh
# Runs a TypeScript file of this repository on Node 24, after the set-up has made sure that everything is there.
# Usage: sh scripts/with-node.sh [--no-engine] FILE [ARGUMENT ...]     --no-engine: FILE needs no Docker engine
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
engine=
if [ "${1:-}" = --no-engine ]; then
  engine=--no-engine
  shift
fi
# shellcheck disable=SC2086 # no argument at all if it is empty
sh "$root/scripts/setup.sh" $engine
node_folder=$(cat "$root/.tools/node-folder")
# Programs that the file starts find the same Node.
PATH=$node_folder:$PATH exec "$node_folder/node" "$@"
