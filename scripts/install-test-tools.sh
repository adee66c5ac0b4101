#!/usr/bin/env bash
# Installs what the tests use and npm cannot bring: Debian's Chromium. On other systems install Chromium by hand;
# tests that need it are skipped, with the reason, where it is missing.
set -eu
packages=()
command -v chromium >/dev/null || packages+=(chromium)
[ ${#packages[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "not a Debian system: please install ${packages[*]} yourself" >&2
  exit 0
fi
sudo=''
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -q
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${packages[@]}"
