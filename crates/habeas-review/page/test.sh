#!/usr/bin/env bash
# Everything that has to hold of the page: types, the built files as committed, and the browser tests.
# Against a real server: HABEAS_URL='http://127.0.0.1:PORT/#k=KEY' ./test.sh (the link that `habeas review` prints).
set -euo pipefail
cd "$(dirname "$0")"

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
node tools/types.mjs --check
npx tsc --noEmit -p .

# The built files are committed, so that cargo alone builds the product: they have to be what the source gives.
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
npx vite build --outDir "$built" --logLevel error
if ! diff -rq dist "$built"; then
  echo "dist/ is not what the source gives: run \`npm run build\` in $(pwd) and commit it" >&2
  exit 1
fi
exec node test/run.mjs "$@"
