#!/usr/bin/env bash
# Installs the DAV clients that nobody here wrote, says which could not be had, and runs them against the server.
set -u
cd "$(dirname "$0")/.."
bash scripts/install-test-tools.sh >/dev/null 2>&1 || echo 'installing did not succeed as a whole' >&2
for client in litmus vdirsyncer khal; do
  command -v "$client" >/dev/null || echo "$client could not be installed: its tests are skipped" >&2
done
/usr/bin/python3 -c 'import caldav' 2>/dev/null || echo 'python3-caldav could not be installed: its test is skipped' >&2
exec npx vitest run test/interop
