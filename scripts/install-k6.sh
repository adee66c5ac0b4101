#!/bin/bash
# Builds k6 into .tools/k6, where the tests look for it. Needs Go 1.25 or newer and a module proxy that Go reaches.
set -euo pipefail
version=v1.8.1
cd "$(dirname "$0")/.."
if ! command -v go > /dev/null; then
  echo 'k6:install: there is no go on this machine; put a k6 binary on the PATH instead' >&2
  exit 1
fi
if .tools/k6 version 2> /dev/null | grep -q "$version"; then
  echo ".tools/k6 is $version already"
  exit 0
fi
mkdir -p .tools
GOBIN="$PWD/.tools" GOFLAGS=-buildvcs=false go install "go.k6.io/k6@$version"
.tools/k6 version
