#!/usr/bin/env bash
# Starts the Stripe emulator on a free port of 127.0.0.1 and prints `ready <port>`; ends with its
# standard input. The first run makes a Python environment under target/peers.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${CERALACCA_PEERS:-$here/../../../target/peers}/localstripe
mkdir -p "$venv"
(
  # Tests in several processes may come here at once.
  flock 9
  if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    python3 -m venv "$venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
    cp "$here/requirements.txt" "$venv/installed.txt"
  fi
) 9>"$venv/.lock"
exec "$venv/bin/python" "$here/launch.py"
