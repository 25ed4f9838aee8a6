# The two commands are `make demo` and `make test`; both install what they need on Debian.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.PHONY: help demo demo-reset test check bench assets programs-demo programs-bench programs-test

# What is compiled shows its progress on a terminal and stays quiet in a log.
export CARGO_TERM_PROGRESS_WHEN ?= auto
DATA := $(or $(CERALACCA_DATA),./data)

help:
	echo 'make demo        everything on one loopback port, data under ./data'
	echo 'make demo-reset  forgets the data of the demonstration'
	echo 'make test        all tests; installs what they need'
	echo 'make check       what finds most mistakes in the shortest time: format, house rules, clippy'
	echo 'make bench       the product beside the raw engines, in release: one JSON object a line'
	echo 'make assets      style sheets, scripts and fonts of the pages, from npm by lockfile'

demo: programs-demo assets
	echo '== building the program (minutes the first time, seconds later)'
	cargo build --locked --package ceralacca
	exec "$${CARGO_TARGET_DIR:-target}/debug/ceralacca" demo

demo-reset:
	if [ -e '$(DATA)/demo.lock' ] && kill -0 "$$(cat '$(DATA)/demo.lock')" 2>/dev/null; then
		echo "the demonstration is running (process $$(cat '$(DATA)/demo.lock')): stop it first" >&2; exit 1
	fi
	rm -rf -- '$(DATA)'
	echo 'the data of the demonstration are gone'

test: programs-test
	exec scripts/test

check:
	exec scripts/test quick

bench: programs-bench assets
	exec cargo xtask bench --json

assets:
	scripts/assets

# The demonstration goes on without mail servers.
programs-demo:
	scripts/install build
	scripts/install mail || echo '== going on without Dovecot and Postfix'

programs-bench:
	scripts/install build postgres

programs-test:
	scripts/install build mail postgres browser
