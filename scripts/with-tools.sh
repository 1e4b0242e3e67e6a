#!/bin/sh
# Runs a command with the project's tools on the PATH and the toolchain and settings that wasm32 needs:
#   scripts/with-tools.sh cargo test --target wasm32-unknown-unknown --test smoke
#   scripts/with-tools.sh trunk build
. "$(dirname "$0")/lib.sh"

[ $# -gt 0 ] || fail "no command given" "scripts/with-tools.sh cargo clippy --target $WASM_TARGET"
use_wasm_toolchain || fail "no toolchain can compile for $WASM_TARGET" "make setup"

CHROMEDRIVER=${CHROMEDRIVER:-$(command -v chromedriver || true)}
[ -n "$CHROMEDRIVER" ] && export CHROMEDRIVER
# Tests that do not say where they want to run do so in a browser window; the time is that of a whole test file.
WASM_BINDGEN_USE_BROWSER=1
WASM_BINDGEN_TEST_TIMEOUT=${WASM_BINDGEN_TEST_TIMEOUT:-600}
export WASM_BINDGEN_USE_BROWSER WASM_BINDGEN_TEST_TIMEOUT
exec "$@"
