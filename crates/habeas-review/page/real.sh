#!/usr/bin/env bash
# The browser tests against a real `habeas review`, on the made-up clinic: `real.sh PROGRAM`.
set -euo pipefail
habeas=$(realpath "$1")
shift
cd "$(dirname "$0")"
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

tools/ready.sh
"$habeas" demo "$folder/demo" >/dev/null 2>&1
home=$folder/demo/home
# Papers of kinds that the made-up clinic has none of, in a folder that can be taken away.
node test/papers.mjs "$folder/papers"
cat >>"$home/habeas.toml" <<EOF

[[source]]
name = "papers"
path = "$folder/papers"
title = "Papers"
custodian = "Reception"
activity = "treatment"
EOF
"$habeas" index --estate "$home" >/dev/null || [ $? = 1 ]
# The demo's own case is released; the same person asks again.
cp "$home/cases/SAR-2026-0001/request.toml" "$folder/request.toml"
# One request is worked to its end, another for what its bundle holds.
for case in SAR-2026-0002 SAR-2026-0003; do
  "$habeas" open --estate "$home" --file "$folder/request.toml" >/dev/null
  "$habeas" match --estate "$home" $case >/dev/null
  "$habeas" decide --estate "$home" $case --suggested --by tester >/dev/null
  "$habeas" people --estate "$home" $case >/dev/null
done

USER=dana "$habeas" review --estate "$home" --no-open --json >"$folder/said" 2>"$folder/told" &
server=$!
for _ in $(seq 100); do
  grep -q '"url"' "$folder/said" && break
  sleep 0.1
done
url=$(grep -o 'http://127[^"]*' "$folder/said" | head -1)
[ -n "$url" ] || { echo "habeas review did not start:" >&2; cat "$folder/told" >&2; exit 1; }
HABEAS_URL=$url HABEAS_CASE=SAR-2026-0002 HABEAS_OTHER_CASE=SAR-2026-0003 HABEAS_PROGRAM=$habeas HABEAS_PAPERS=$folder/papers HABEAS_ESTATE=$home ./test.sh "$@"
