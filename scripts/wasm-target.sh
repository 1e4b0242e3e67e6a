#!/bin/sh
# Makes sure that Rust can compile for wasm32: by rustup, or where rustup's server is out of reach from Debian's packages.
. "$(dirname "$0")/lib.sh"

use_wasm_toolchain && exit 0

manual="rustup target add $WASM_TARGET"
say "==> wasm target: $manual"
if have rustup; then
    # A server that does not answer must not hold everything up; a slow line has two minutes.
    if (cd "$ROOT" && logged rustup-target timeout 120 rustup target add "$WASM_TARGET") 2>/dev/null && wasm_std ""; then exit 0; fi
    say "    rustup could not fetch it (log: $TOOLS/log/rustup-target.log)"
else
    fail "the standard library for $WASM_TARGET is missing and there is no rustup to add it" \
        "install Rust from https://rustup.rs, then: $manual"
fi

# Debian's Rust comes with the sources of its standard library: that is all it takes to make the wasm32 one.
say "==> wasm target: building it from Debian's Rust sources instead (about two minutes)"
have apt-get || fail "the standard library for $WASM_TARGET is missing" "$manual   (needs the network)"
host=$(rustc -vV | sed -n 's/^host: //p')
lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
[ -x "$lld" ] || fail "the toolchain has no rust-lld at $lld" "rustup update stable" "$manual"
apt_install "Debian's Rust" rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web

wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
debian=$(/usr/bin/rustc --version | cut -d' ' -f2)
[ "$(printf '%s\n%s\n' "$wanted" "$debian" | sort -V | head -n 1)" = "$wanted" ] \
    || fail "Debian's Rust $debian is older than the $wanted this project needs" "$manual   (needs the network)"

# An empty crate is enough of a reason for cargo to build std. `test` is for wasm-bindgen-test, the bitcode for LTO.
work=$TOOLS/wasm-std
rm -rf "$work"
mkdir -p "$work/src"
printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$work/Cargo.toml"
: >"$work/src/lib.rs"
build_std() {
    cd "$work" || return 1
    env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR -u CARGO_ENCODED_RUSTFLAGS \
        RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS=-Cembed-bitcode=yes \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$lld" \
        /usr/bin/cargo build --release -Z build-std=std,panic_abort,test --target "$WASM_TARGET"
}
(logged wasm-std build_std) || fail "the standard library for $WASM_TARGET could not be built" "$manual   (needs the network)"

rm -f "$work/target/$WASM_TARGET/release/deps"/libempty-*
lib=/usr/lib/rustlib/$WASM_TARGET/lib
bin=/usr/lib/rustlib/$host/bin
as_root mkdir -p "$lib" "$bin"
as_root cp "$work/target/$WASM_TARGET/release/deps"/*.rlib "$lib/"
as_root ln -sf "$lld" "$bin/rust-lld"
rm -rf "$work"
logged rustup-link rustup toolchain link "$FALLBACK_TOOLCHAIN" /usr \
    || fail "rustup could not link the toolchain" "rustup toolchain link $FALLBACK_TOOLCHAIN /usr"

use_wasm_toolchain || fail "no toolchain can compile for $WASM_TARGET" "$manual   (needs the network)"
