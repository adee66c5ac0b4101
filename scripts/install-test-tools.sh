#!/usr/bin/env bash
# Installs what the tests use and npm cannot bring: Debian's Chromium and Firefox, the DAV clients of test/interop, and
# a server to drive. On other systems install them by hand; tests that need one are skipped where it is missing.
set -eu
packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v firefox-esr >/dev/null || packages+=(firefox-esr)
for client in litmus vdirsyncer khal; do command -v "$client" >/dev/null || packages+=("$client"); done
/usr/bin/python3 -c 'import caldav' 2>/dev/null || packages+=(python3-caldav)
command -v radicale >/dev/null || packages+=(radicale)
[ ${#packages[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "not a Debian system: please install ${packages[*]} yourself" >&2
  exit 0
fi
sudo=''
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -q
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${packages[@]}"
