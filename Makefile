# Everything runs in .venv, made from the lock; nothing is installed outside the project but Chromium for the page's tests in CI.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# The tests start dozens of processes; each would compile the project anew where Python may not keep what it compiled.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo gallery test test-fast check format docs lock bench faults clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## make .venv from the lock, with .venv/bin/countersign in it

$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Countersign needs Python 3.11 or later; say which with: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## a Slack workspace on this machine with the bot in it; prints the address to open
	@$(BIN)/countersign demo

gallery: setup ## every message, modal and Home in every state, to be looked at in a browser
	@$(BIN)/python -m tests.gallery

test: setup ## every test, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n auto --dist worksteal

test-fast: setup ## most tests, on SQLite alone, in less than a minute: for everyday work
	$(BIN)/python -m pytest -n auto --dist worksteal -q -m "not browser" -k "not postgresql and not machine and not fuzz and not plans" tests/domain tests/bot/slack tests/bot/environment tests/bot/runtime

check: setup ## what CI runs: format, lint, types, import contracts, schema, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist worksteal

format: setup ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup ## write what the docs take from the code
	$(BIN)/python -m tests.documentation

bench: setup ## what a click costs, against its two floors, and how much of Slack's rate is used
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.homes

faults: setup ## what holds when things go wrong, with figures: Slack at its worst, kills, hostile input, calls of the API
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults.material --count 100000
	$(BIN)/python -m tests.faults.api

lock: ## renew both locks (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --upgrade pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --upgrade pyproject.toml --group dev -o requirements-dev.lock

clean: ## take away what was made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .demo
