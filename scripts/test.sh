#!/bin/sh
# Runs the tests, all of them or the steps that are named: scripts/test.sh [STEP...]; --list names them.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

ALL="fmt clippy clippy-wasm native wasm dist browser docs"

what_is() {
    case $1 in
        fmt) say "the code is formatted (cargo fmt)" ;;
        clippy) say "no lint speaks up, on this machine's target (cargo clippy)" ;;
        clippy-wasm) say "no lint speaks up, on wasm32, where the page is part of the code" ;;
        native) say "the tests, on this machine's target (cargo test)" ;;
        wasm) say "the same tests, compiled to wasm32, in headless Chromium" ;;
        dist) say "the site builds, and is small enough (make dist)" ;;
        browser) say "the built site does what it should, end to end, in Chromium and, where there is one, Firefox (node --test)" ;;
        docs) say "the documentation builds without a warning (cargo doc)" ;;
        *) return 1 ;;
    esac
}

run_step() {
    case $1 in
        fmt) cargo fmt --check ;;
        clippy) cargo clippy --locked --all-targets -- -D warnings ;;
        # Not --all-targets: the benches are native. Tests may unwrap, but a `wasm_bindgen_test` is no test to clippy.
        clippy-wasm)
            scripts/with-tools.sh cargo clippy --locked --target $WASM_TARGET --lib --bins -- -D warnings \
                && scripts/with-tools.sh cargo clippy --locked --target $WASM_TARGET --tests -- -D warnings \
                    -A clippy::unwrap_used -A clippy::expect_used -A clippy::panic
            ;;
        native) cargo test --locked ;;
        # No browser reads line tables, which are twenty times as large as the code: each test would take five seconds longer to start.
        wasm) CARGO_PROFILE_DEV_DEBUG=false scripts/with-tools.sh cargo test --locked --target $WASM_TARGET --lib --test '*' ;;
        dist) scripts/dist.sh && node scripts/size-report.mjs dist ;;
        # One file of tests for each processor: node would leave one of them free. Those that leave a page as soon as files are chosen go
        # alone: a browser that is busy with others may not have begun to write.
        browser)
            alone="tests/browser/kept.spec.mjs tests/browser/firefox.spec.mjs"
            others=$(ls tests/browser/*.spec.mjs | grep -v -e /kept -e /firefox)
            # shellcheck disable=SC2086  # both are lists of words
            scripts/dist.sh \
                && node --test --test-concurrency="$(getconf _NPROCESSORS_ONLN)" --test-reporter=spec $others \
                && node --test --test-concurrency=1 --test-reporter=spec $alone
            ;;
        # Twice, because each target documents modules that the other does not have.
        docs)
            RUSTDOCFLAGS=-Dwarnings cargo doc --locked --no-deps \
                && RUSTDOCFLAGS=-Dwarnings scripts/with-tools.sh cargo doc --locked --no-deps --lib --target $WASM_TARGET
            ;;
    esac
}

if [ "${1:-}" = --list ]; then
    for step in $ALL; do printf '%-12s %s\n' "$step" "$(what_is "$step")"; done
    exit 0
fi
[ $# -gt 0 ] || eval "set -- $ALL"
needs=native
for step in "$@"; do
    what_is "$step" >/dev/null || fail "there is no step '$step'" "scripts/test.sh --list"
    case $step in
        wasm | browser) needs="page browser" ;;
        dist | clippy-wasm | docs) [ "$needs" = "page browser" ] || needs=page ;;
    esac
done

began=$(date +%s)
# shellcheck disable=SC2086  # $needs is a list of words
scripts/setup.sh $needs
times="    $(printf '%-12s %5d s' "setup" $(($(date +%s) - began)))"
for step in "$@"; do
    started=$(date +%s)
    printf '\n==> %s: %s\n' "$step" "$(what_is "$step")"
    run_step "$step" </dev/null || fail "the step '$step' failed (what it wants is above)" "make test STEPS=$step"
    times="$times
    $(printf '%-12s %5d s' "$step" $(($(date +%s) - started)))"
done
printf '\n==> all steps passed in %d s\n%s\n' $(($(date +%s) - began)) "$times"
