#!/usr/bin/env bash
# What the page's tests need: Node.js, Debian's Chromium, and the packages that the lock file names.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "the page's tests need Node.js 20 and npm" >&2
  exit 2
fi
chromium=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$chromium" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
  else
    echo "the page's tests need Debian's chromium: sudo apt-get install chromium" >&2
    exit 2
  fi
fi

# What is installed is what the lock file names.
if ! cmp -s package-lock.json node_modules/.habeas-lock; then
  npm ci --ignore-scripts --loglevel=error
  cp package-lock.json node_modules/.habeas-lock
fi
