#!/usr/bin/env bash
# Installs what benchmarks compare with: for bench:kernel g++ (std::priority_queue), ns-3 and SimPy from Debian, and the
# newest SimPy into .tools/simpy, where the benchmark looks for it; for bench:live wrk.
set -eu
cd "$(dirname "$0")/.."
if command -v apt-get >/dev/null; then
  sudo=''
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends g++ libns3-dev python3-simpy3 wrk
else
  echo 'not a Debian system: please install g++, ns-3, Python and wrk yourself' >&2
fi
python3 -m venv .tools/simpy
.tools/simpy/bin/pip install --quiet simpy
.tools/simpy/bin/python -c 'import simpy; print("SimPy", simpy.__version__)'
