#!/usr/bin/env bash
# Everything that has to hold of the page: types, the built files as committed, and the browser tests.
# Against a real server: HABEAS_URL='http://127.0.0.1:PORT/#k=KEY' ./test.sh (the link that `habeas review` prints).
set -euo pipefail
cd "$(dirname "$0")"

tools/ready.sh
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
