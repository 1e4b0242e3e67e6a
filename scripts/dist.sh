#!/bin/sh
# Builds the static site in dist/, unless what is there is already made of these sources.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
use_wasm_toolchain || fail "no toolchain can compile for $WASM_TARGET" "make setup"

# The stamp holds the checksum of our index.html: it names the hashed files, so any other build of dist/ has another one.
stamp=${CARGO_TARGET_DIR:-target}/dist.stamp
if [ -f "$stamp" ] && [ -f dist/index.html ] && [ "$(cat "$stamp")" = "$(cksum <dist/index.html)" ] \
    && [ -z "$(find src style index.html Trunk.toml Cargo.toml Cargo.lock .cargo scripts -newer "$stamp" -print 2>/dev/null | head -n 1)" ]; then
    say "==> dist: up to date"
    exit 0
fi

say "==> dist: building the page (release, $(rustc --version | cut -d' ' -f1-2))"
started=$(date +%s)
# wasm-bindgen and wasm-opt are on the PATH: --offline keeps Trunk from fetching others. It takes NO_COLOR for a
# boolean and falls over the usual NO_COLOR=1, so it is told in its own words.
color=auto
[ -z "${NO_COLOR:-}" ] || color=never
env -u NO_COLOR RUST_BACKTRACE=0 trunk build --release --locked --offline=true --color "$color" \
    || fail "the page could not be built" "scripts/with-tools.sh cargo build --target $WASM_TARGET --bin alloyscope-page" "make clean, then make dist"
mkdir -p "$(dirname "$stamp")"
cksum <dist/index.html >"$stamp"
say "    done in $(($(date +%s) - started)) s"
