#!/bin/sh
# What the tests need beyond Python packages: a Chromium, faketime for the tests that turn the clock, and a Postgres for
# the store's tests.
# Usage: set_up.sh PYTHON
set -u
python=$1

have_chromium() {
    [ -n "${CHROMIUM:-}" ] && command -v "$CHROMIUM" > /dev/null && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" > /dev/null && return 0
    done
    "$python" -c 'import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p: sys.exit(not pathlib.Path(p.chromium.executable_path).exists())' 2> /dev/null
}

if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    missing=""
    have_chromium || missing="$missing chromium"
    command -v faketime > /dev/null || missing="$missing faketime"
    command -v initdb > /dev/null || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || missing="$missing postgresql"
    if [ -n "$missing" ]; then
        echo "Installing$missing …"
        apt-get update -qq > /dev/null 2>&1
        # shellcheck disable=SC2086 # two words are two packages
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing > /dev/null 2>&1
    fi
fi
have_chromium || "$python" -m playwright install chromium > /dev/null 2>&1
have_chromium || echo "No Chromium was found and none could be installed: name one with CHROMIUM=/path/to/chromium."
exit 0
