# Everything starts here. Each target does its own set-up on a Debian 12 or 13 machine (scripts/setup: quick when done).
#
#   make demo       the whole world and the kiosk's window; without a display (or with DEMO=auto) it plays by itself
#   make test       all that a change must pass, at most 15 minutes on 2 cores
#   make test-long  the tests that take longer than that
#   make lint       ruff, its formatter, mypy --strict, import-linter; also part of make test
#   make format     rewrites the files as the formatter wants them
#   make faults-doc writes docs/faults.md from the vocabulary of faults and the table of what each must show
#   make lock       renews the lock files from pyproject.toml
#   make clean      removes everything that make has made

SHELL := /bin/bash
BIN := .venv/bin

.PHONY: demo test test-long lint lint-rules lint-format lint-types lint-imports format faults-doc lock setup clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@scripts/setup

demo: setup
	@$(BIN)/adm-sim demo

# Three workers on two cores, a file of tests each: most tests wait for a printer, a chip or a line.
# Lint is among the tests (tests/test_house.py), so that a slip of format hides no failing test.
test: setup
	@$(BIN)/python -m pytest -n 3 --dist loadfile -m "not long" --durations=15 --durations-min=20

test-long: setup
	@$(BIN)/python -m pytest -m long

lint: lint-rules lint-format lint-types lint-imports

lint-rules: setup
	@$(BIN)/ruff check --quiet .

lint-format: setup
	@$(BIN)/ruff format --check --quiet --diff .

lint-types: setup
	@$(BIN)/mypy --no-error-summary

lint-imports: setup
	@$(BIN)/lint-imports

format: setup
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

faults-doc: setup
	@$(BIN)/python tests/faults/fault_table.py

lock: setup
	@scripts/lock

clean:
	rm -rf .venv out build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find benchmarks drivers hardware_sim kiosk tests -name __pycache__ -type d -prune -exec rm -rf {} +
