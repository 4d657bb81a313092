#!/usr/bin/env bash
# Once, when the image is built: what cnncalc needs, in the versions with which this was made.
set -e
ROOT="${AUTOGRADER:-/autograder}"
# Debian and Ubuntu part venv from Python; without ensurepip there is none.
find_python() {
  for each in python3 python3.14 python3.13 python3.12 python3.11; do
    "$each" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && echo "$each" && return 0
  done
  return 1
}
if ! PYTHON="$(find_python)"; then
  apt-get update
  apt-get install -y python3-venv
  if ! PYTHON="$(find_python)"; then
    apt-get install -y python3.11 python3.11-venv
    PYTHON="$(find_python)"
  fi
fi
"$PYTHON" -m venv "$ROOT/environment"
"$ROOT/environment/bin/python" -m pip install --no-cache-dir -r "$ROOT/source/requirements.txt"
