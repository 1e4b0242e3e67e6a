#!/bin/sh
# Installs what is missing, and says nothing about what is there. Arguments: what it is for.
#   native   Rust itself                      page   what turns it into a page
#   browser  what tests it in Chromium, and in Firefox where that can be had
. "$(dirname "$0")/lib.sh"
here=$ROOT/scripts

"$here/rust.sh"
for what in "$@"; do
    case $what in
        native) ;;
        page) "$here/node.sh" && "$here/wasm-target.sh" && "$here/page-tools.sh" ;;
        browser) "$here/node.sh" && "$here/browser-tools.sh" ;;
        *) fail "setup.sh knows no '$what'" "scripts/setup.sh page browser" ;;
    esac
done
