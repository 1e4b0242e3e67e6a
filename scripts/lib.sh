# shellcheck shell=sh
# Shared by the scripts of this folder: where things are, how a script speaks and how it fails.
# Use: `. "$(dirname "$0")/lib.sh"` as the first line.
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=scripts/versions.sh
. "$ROOT/scripts/versions.sh"

# Tools live in one folder per version, outside the repository: they survive `make clean` and fresh clones,
# and never replace a version that another project of yours needs.
TOOLS=${ALLOYSCOPE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/alloyscope}
TRUNK_ROOT=$TOOLS/trunk-$TRUNK_VERSION
WASM_BINDGEN_ROOT=$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN_VERSION
BINARYEN_ROOT=$TOOLS/binaryen-$BINARYEN_VERSION
NODE_ROOT=$TOOLS/node-$NODE_VERSION   # only where node.sh had to make it
PATH=$NODE_ROOT/node_modules/node/bin:$TRUNK_ROOT/bin:$WASM_BINDGEN_ROOT/bin:$BINARYEN_ROOT/node_modules/.bin:$PATH
export PATH

WASM_TARGET=wasm32-unknown-unknown
FALLBACK_TOOLCHAIN=alloyscope-wasm   # made by wasm-target.sh where rustup's server is out of reach

say() { printf '%s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# fail WHAT TRY...: the only way a script of ours gives up.
fail() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  try: %s\n' "$line" >&2; done
    exit 1
}

# logged NAME COMMAND...: run quietly with the output in a file; on failure show the end of it and return 1.
logged() {
    log=$TOOLS/log/$1.log
    shift
    mkdir -p "$TOOLS/log" 2>/dev/null || fail "cannot write to $TOOLS" \
        "set ALLOYSCOPE_TOOLS to a folder you may write to, for example: ALLOYSCOPE_TOOLS=\$HOME/alloyscope-tools make test"
    if "$@" >"$log" 2>&1 </dev/null; then return 0; fi
    printf '\nlast lines of %s:\n' "$log" >&2
    tail -n 12 "$log" | sed 's/^/  | /' >&2
    return 1
}

# as_root COMMAND...: run it with the right to install packages, or return 1 without asking anything of a machine that has nobody to answer.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

# apt_install WHY PACKAGE...: Debian packages with a message that names the manual command.
apt_install() {
    why=$1
    shift
    have apt-get || fail "$why is missing and this machine has no apt-get to install it with" \
        "install it by your system's package manager (Debian's names: $*), then run the same command again"
    as_root true || fail "$why is missing and installing it needs the right to install packages" \
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    say "    installing by apt-get: $*"
    # A failed update is not yet a failure: the lists that are there may be good enough.
    logged apt-update as_root apt-get update || say "    apt-get update failed; going on with the package lists that are there"
    logged apt-install as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" \
        || fail "apt-get could not install $why" "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
}

# wasm_std TOOLCHAIN: does it have the standard library for wasm32? An empty name is the default toolchain.
wasm_std() {
    sysroot=$(if [ -n "$1" ]; then RUSTUP_TOOLCHAIN=$1; export RUSTUP_TOOLCHAIN; fi; rustc --print sysroot 2>/dev/null) || return 1
    set -- "$sysroot/lib/rustlib/$WASM_TARGET/lib"/libstd-*.rlib
    [ -e "$1" ]
}

# use_wasm_toolchain: choose the toolchain that can compile for wasm32, for this process and its children.
use_wasm_toolchain() {
    if wasm_std ""; then return 0; fi
    if wasm_std "$FALLBACK_TOOLCHAIN"; then
        RUSTUP_TOOLCHAIN=$FALLBACK_TOOLCHAIN
        export RUSTUP_TOOLCHAIN
        return 0
    fi
    return 1
}
