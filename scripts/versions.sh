# shellcheck shell=sh disable=SC2034
# The one place for the versions of the tools; sourced by lib.sh.
# What is not here is pinned elsewhere: Rust crates in Cargo.lock, the oldest Rust in Cargo.toml (rust-version),
# the packages of the browser tests in tests/browser/package-lock.json.

TRUNK_VERSION=0.21.14     # 0.22 needs a newer Rust than Cargo.toml asks for
BINARYEN_VERSION=132.0.0  # npm package that carries wasm-opt
NODE_MIN=20               # oldest Node.js major that playwright-core runs on
NODE_VERSION=22.23.3      # installed for this project where the system's Node.js is older than that

# The wasm-bindgen program must match the crate to the last digit, so its version is read from Cargo.lock.
WASM_BINDGEN_VERSION=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' "$ROOT/Cargo.lock")
