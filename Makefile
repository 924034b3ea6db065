# Silta: what a newcomer types. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
export PYTHON
# Without bytecode each of some hundred processes compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test tests check style types browser wal bench mutants lock clean reset install install-dev chromium pgbackrest

help:  ## Show this list
	@echo "Silta. Python 3.11 or newer and make are all you need; start with: make run"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: install  ## Install what is needed, start everything, open http://127.0.0.1:8000
	@SILTA_DEV_FOLLOWS_PARENT=1 exec $(BIN)/silta dev

test: style  ## Check style, types and structure, and run all tests except the browser's
	@$(MAKE) -j2 types tests

check: style types  ## Check style, types and structure only

style: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: install-dev
	$(BIN)/mypy --strict

tests: install-dev
	MAKEFLAGS= $(BIN)/python -m pytest --ignore=tests/browser --ignore=tests/wal -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-branch --cov-report=markdown:.coverage-report.md $(if $(ARGS),--cov-fail-under=0) $(ARGS)

browser: install-dev chromium  ## Walk through the console in a real browser (Chromium)
	$(BIN)/python -m pytest tests/browser $(ARGS)

wal: install-dev pgbackrest  ## Archive the log of Debian's PostgreSQL with pgBackRest, lose the server, restore it
	$(BIN)/python -m pytest tests/wal $(ARGS)

bench: install-dev  ## Measure against the yardsticks, in one table
	$(BIN)/python -m bench $(ARGS)

mutants: install-dev  ## Change the vault's code in small ways and see which changes no test notices
	$(BIN)/mutmut run
	@$(BIN)/mutmut results | grep survived || echo "No change of the tested code went unnoticed."

lock:  ## For maintainers: pin the dependencies of pyproject.toml anew (needs uv)
	@command -v uv >/dev/null || { echo "silta: uv is needed to pin dependencies: pip install uv" >&2; exit 2; }
	uv pip compile $(LOCK_FLAGS) pyproject.toml -o requirements.lock
	uv pip compile $(LOCK_FLAGS) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## Remove the virtual environment and caches; data in var/ stays
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

reset:  ## Remove all data in var/ for good: database, keys, logs
	@[ ! -e var/lock ] || flock --nonblock var/lock true || { echo "silta: var/ is in use: stop 'make run' first" >&2; exit 2; }
	@for link in var/*/data; do [ ! -L "$$link" ] || rm -rf "$$(dirname "$$(readlink -f "$$link")")"; done
	rm -rf var

# One more than there are processors, for a third of the tests wait for processes; five at most, for
# each worker of pytest starts a PostgreSQL and a Redis of its own.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((n > 4 ? 5 : n + 1)))
LOCK_FLAGS := --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

install:
	@.ci/install requirements.lock

install-dev:
	@.ci/install requirements-dev.lock

chromium:
	@.ci/chromium

pgbackrest:
	@.ci/wal
