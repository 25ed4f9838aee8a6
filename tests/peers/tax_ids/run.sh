#!/usr/bin/env bash
# Judges 20,000 generated identifiers with `ceralacca check tax-ids` and with two independent programs.
#   tests/peers/tax_ids/run.sh [--count N] [--seed S] [--binary PATH]
# Needs python3 with venv and the Python package index; keeps its environment under target/peers/tax_ids.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
env_dir=${CERALACCA_PEERS:-$root/target/peers}/tax_ids
if ! cmp -s "$here/requirements.txt" "$env_dir/installed.txt"; then
    python3 -m venv "$env_dir"
    "$env_dir/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$env_dir/installed.txt"
fi
exec "$env_dir/bin/python" "$here/compare.py" --default-binary "$root/target/debug/ceralacca" "$@"
