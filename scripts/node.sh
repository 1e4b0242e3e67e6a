#!/bin/sh
# Makes sure that Node.js and npm are there and new enough.
. "$(dirname "$0")/lib.sh"

if ! have node || ! have npm; then
    say "==> Node.js"
    apt_install "Node.js" nodejs npm
fi
major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
[ "${major:-0}" -ge "$NODE_MIN" ] || fail "Node.js $(node --version) is older than the $NODE_MIN this project needs" \
    "install a current one from https://nodejs.org, then run the same command again"
