#!/usr/bin/env bash
# Installs the engines that bench:kernel compares with: g++ for std::priority_queue, ns-3 and SimPy from Debian, and
# the newest SimPy into .tools/simpy, where the benchmark looks for it.
set -eu
cd "$(dirname "$0")/.."
if command -v apt-get >/dev/null; then
  sudo=''
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends g++ libns3-dev python3-simpy3
else
  echo 'not a Debian system: please install g++, ns-3 and Python yourself' >&2
fi
python3 -m venv .tools/simpy
.tools/simpy/bin/pip install --quiet simpy
.tools/simpy/bin/python -c 'import simpy; print("SimPy", simpy.__version__)'
