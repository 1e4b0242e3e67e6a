#!/bin/sh
# Makes sure that Rust is there and new enough. Never installs it: how Rust gets onto a machine is its owner's choice.
. "$(dirname "$0")/lib.sh"

{ have cargo && have rustc; } || fail "Rust (cargo, rustc) is not on the PATH" \
    "install it from https://rustup.rs, open a new terminal, and run the same command again"

wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
found=$(cd "$ROOT" && rustc --version 2>/dev/null | cut -d' ' -f2)
[ -n "$found" ] || fail "rustc does not run" "rustc --version" "rustup default stable"
oldest=$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)
[ "$oldest" = "$wanted" ] || fail "Rust $found is older than the $wanted this project needs" "rustup update stable"

for part in rustfmt clippy; do
    name=cargo-$part
    [ $part = rustfmt ] && name=cargo-fmt
    (cd "$ROOT" && "$name" --version >/dev/null 2>&1) || {
        say "==> $part: adding the component"
        logged "rustup-$part" rustup component add $part || fail "cargo $part is missing" "rustup component add $part"
    }
done
