#!/bin/sh
# Makes sure that what the browser tests need is there: Chromium, its driver, and the npm packages of tests/browser.
. "$(dirname "$0")/lib.sh"

if ! { have chromium || have google-chrome || [ -n "${CHROMIUM:-}" ]; } || ! have chromedriver; then
    say "==> Chromium and its driver"
    apt_install "Chromium" chromium chromium-driver
fi

# npm leaves a copy of the lock file behind only when it got to the end, so comparing the two is enough to skip it.
browser=$ROOT/tests/browser
if ! cmp -s "$browser/package-lock.json" "$browser/node_modules/.installed-lock.json"; then
    say "==> npm packages of the browser tests"
    (cd "$browser" && logged npm-ci npm ci --no-fund --no-audit) \
        || fail "npm could not install the packages of tests/browser" "cd tests/browser && npm ci   (needs the network)"
    cp "$browser/package-lock.json" "$browser/node_modules/.installed-lock.json"
fi
