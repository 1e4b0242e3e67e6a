#!/bin/sh
# Makes sure that the programs which turn the Rust code into a page are there: wasm-bindgen, Trunk, wasm-opt.
. "$(dirname "$0")/lib.sh"

[ -n "$WASM_BINDGEN_VERSION" ] || fail "Cargo.lock does not name a version of wasm-bindgen" "cargo generate-lockfile"

# cargo_tool NAME ROOT MINUTES ARGUMENTS...: one program by `cargo install` into its own folder.
cargo_tool() {
    name=$1 root=$2 minutes=$3
    shift 3
    say "==> $name: building it, once for this machine (about $minutes minutes on two cores)"
    # From a folder of its own and without CARGO_TARGET_DIR: the project's settings are for the project.
    mkdir -p "$TOOLS"
    (cd "$TOOLS" && logged "$name" env -u CARGO_TARGET_DIR -u CARGO_BUILD_TARGET -u RUSTFLAGS cargo install --root "$root" "$@") \
        || fail "cargo could not install $name" "cargo install --root $root $*   (needs the network)"
}

[ -x "$WASM_BINDGEN_ROOT/bin/wasm-bindgen-test-runner" ] \
    || cargo_tool wasm-bindgen-cli "$WASM_BINDGEN_ROOT" 2 wasm-bindgen-cli --version "$WASM_BINDGEN_VERSION"
# Trunk starts others and copies files: its own profile (fat LTO) would take three times as long to build, for nothing.
[ -x "$TRUNK_ROOT/bin/trunk" ] || {
    export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1
    cargo_tool trunk "$TRUNK_ROOT" 3 trunk --locked --version "$TRUNK_VERSION" --no-default-features --features rustls
    unset CARGO_PROFILE_RELEASE_LTO CARGO_PROFILE_RELEASE_CODEGEN_UNITS CARGO_PROFILE_RELEASE_OPT_LEVEL
}

[ -x "$BINARYEN_ROOT/node_modules/.bin/wasm-opt" ] || {
    say "==> wasm-opt: the npm package binaryen $BINARYEN_VERSION"
    logged binaryen npm install --no-fund --no-audit --prefix "$BINARYEN_ROOT" "binaryen@$BINARYEN_VERSION" \
        || fail "npm could not install wasm-opt" "npm install --prefix $BINARYEN_ROOT binaryen@$BINARYEN_VERSION   (needs the network)"
}
