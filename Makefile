# Two commands are enough for a newcomer: `make run` and `make test`. `make help` lists the rest.
# Needed beforehand: Debian or Ubuntu, Python 3.11 or newer, make.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
ARGS ?=

# A stamp says "this environment, in this folder, holds these requirements". A moved or copied folder has no stamp.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
RUN_STAMP := .venv/.run-$(HERE)
TEST_STAMP := .venv/.test-$(HERE)

.PHONY: help setup run test prove check format bench demo jobs migrate words lock pins clean system

help: ## list what make can do here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(RUN_STAMP): requirements.txt pyproject.toml tools/environment.sh
	@PYTHON="$(PYTHON)" tools/environment.sh requirements.txt
	@touch $@

$(TEST_STAMP): requirements-dev.txt $(RUN_STAMP)
	@PYTHON="$(PYTHON)" tools/environment.sh requirements-dev.txt
	@touch $@

setup: $(TEST_STAMP) ## the environment with everything for development, and nothing else

run: $(RUN_STAMP) ## the dashboard with the demo province: make run PORT=8501
	@exec $(BIN)/liem serve --demo --port "$(PORT)" $(ARGS)

system: $(TEST_STAMP)
	@tools/system.sh

test: system ## install what is missing, then all checks and the whole test suite
	@$(MAKE) check
	@$(BIN)/pytest -q -n auto --maxprocesses 4 --dist loadgroup $(ARGS)

prove: system ## the long proofs in full, on both databases (see tests/proof.py)
	@PROOF=full $(BIN)/pytest -q -n auto --maxprocesses 4 tests/faults tests/exports/test_verify.py \
		tests/jobs/test_drill.py tests/jobs/test_make_backup.py tests/models/backup tests/models/queries/test_audit.py tests/dashboard/components/forms $(ARGS)

check: $(TEST_STAMP) ## format, lint, types, import contracts, translations (no tests)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.catalogue

format: $(TEST_STAMP) ## put the code into our format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(TEST_STAMP) ## measure against the floors and write docs/performance.md
	$(BIN)/python -m tests.bench $(ARGS)

demo: $(RUN_STAMP) ## fill an empty database with the demo province
	$(BIN)/liem demo $(ARGS)

jobs: $(RUN_STAMP) ## the scheduled jobs alone, without the dashboard
	$(BIN)/liem jobs run $(ARGS)

migrate: $(RUN_STAMP) ## bring the database to this version
	$(BIN)/liem migrate

words: $(TEST_STAMP) ## collect the sentences of the code into locale/ for the translators
	$(BIN)/python -m tests.catalogue --write

# Asks the package index that the machine is set up for; no address reaches the files. Needs `uv`.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: ## pin requirements.txt and requirements-dev.txt again from the .in files (ARGS=--upgrade)
	$(LOCK) $(ARGS) requirements.in -o requirements.txt
	$(LOCK) $(ARGS) -c requirements.txt requirements-dev.in -o requirements-dev.txt

# In an environment of its own, so that ours stays what is pinned; it reads advisories on the internet.
pins: ## compare the pinned versions with the public advisories (needs the internet)
	@$(PYTHON) -m venv var/pins && var/pins/bin/pip install -q pip-audit
	@var/pins/bin/pip-audit --disable-pip --no-deps -s osv -r requirements.txt

clean: ## remove the environment and what tools leave behind; data in var/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis liem.egg-info build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
