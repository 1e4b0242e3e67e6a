#!/bin/sh
# Makes sure that what the browser tests need is there: Chromium, its driver, and the npm packages of tests/browser;
# Firefox where it can be had without asking.
. "$(dirname "$0")/lib.sh"

if ! { have chromium || have google-chrome || [ -n "${CHROMIUM:-}" ]; } || ! have chromedriver; then
    say "==> Chromium and its driver"
    apt_install "Chromium" chromium chromium-driver
fi

# In a subshell, because a machine without Firefox skips its tests, which say so, and nothing else fails.
if ! { have firefox-esr || have firefox || [ -n "${FIREFOX:-}" ]; }; then
    say "==> Firefox"
    (apt_install "Firefox" firefox-esr) 2>/dev/null \
        || say "    not installed: tests/browser/firefox.spec.mjs will be skipped (set FIREFOX to a Firefox to run it)"
fi

# npm leaves a copy of the lock file behind only when it got to the end, so comparing the two is enough to skip it.
browser=$ROOT/tests/browser
if ! cmp -s "$browser/package-lock.json" "$browser/node_modules/.installed-lock.json"; then
    say "==> npm packages of the browser tests"
    (cd "$browser" && logged npm-ci npm ci --no-fund --no-audit) \
        || fail "npm could not install the packages of tests/browser" "cd tests/browser && npm ci   (needs the network)"
    cp "$browser/package-lock.json" "$browser/node_modules/.installed-lock.json"
fi
