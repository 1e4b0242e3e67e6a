#!/bin/sh
# Makes sure that Node.js and npm are there and new enough.
. "$(dirname "$0")/lib.sh"

new_enough() {
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    [ "${major:-0}" -ge "$NODE_MIN" ]
}

if ! have node || ! have npm; then
    say "==> Node.js"
    apt_install "Node.js" nodejs npm
fi
if ! new_enough; then
    # A distribution's Node.js may be old, but its npm can fetch a newer one.
    say "==> Node.js $NODE_VERSION, for this project only ($(node --version) is older than the $NODE_MIN it takes)"
    manual="install Node.js $NODE_MIN or later from https://nodejs.org, then run the same command again"
    logged node npm install --no-fund --no-audit --prefix "$NODE_ROOT" "node@$NODE_VERSION" \
        || fail "npm could not install Node.js $NODE_VERSION" "$manual"
    hash -r # the shell remembers where it found the old one
    new_enough || fail "Node.js $(node --version) is older than the $NODE_MIN this project needs" "$manual"
fi
