# One command to run, one to test. All that takes thought is in ground/setup.py; this file only names things.
# PYTHON= chooses the interpreter; otherwise the newest that really runs is taken (a shim on PATH may not).
SHELL := /bin/sh
PORT ?= 8000
ifndef PYTHON
PYTHON := $(shell for each in python3.13 python3.12 python3.11 python3; do \
	"$$each" -c 'import sys' >/dev/null 2>&1 && { echo "$$each"; break; }; done)
endif
BIN := .venv/bin

.PHONY: run test screens check bench soak lock setup setup-dev python
.NOTPARALLEL:

run: export AFTERBELL_BASE_URL ?= http://127.0.0.1:$(PORT)
run: setup ## Environment, migration, demo district, then everything on http://127.0.0.1:$(PORT)
	@$(BIN)/afterbell migrate
	@$(BIN)/afterbell demo --if-empty --out var/demo.json
	@exec $(BIN)/afterbell serve --port $(PORT)

test: setup-dev ## Every test, on SQLite and on PostgreSQL (the tests start their own)
	@mkdir -p var
	@$(BIN)/python ground/chromium.py
	@$(BIN)/python -m pytest -n 2 --durations=10 $(ARGS)

screens: setup-dev ## A picture of every page in var/screens/, in both languages, wide and on a phone
	@$(BIN)/python ground/chromium.py
	@mkdir -p var/screens
	@SCREENS="$(CURDIR)/var/screens" $(BIN)/python -m pytest tests/browser/test_axe.py -n 2 -q $(ARGS)

check: setup-dev ## ruff, mypy --strict, import contracts
	@echo "check: ruff" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "check: mypy --strict" && $(BIN)/mypy
	@echo "check: import contracts" && $(BIN)/lint-imports --no-logo

bench: setup-dev ## Ratios in one run; SIZE=full for the large district
	@$(BIN)/python -m tests.bench

soak: setup-dev ## The races, crashes and histories at full counts; outside CI
	@AFTERBELL_SOAK=1 $(BIN)/python -m pytest tests/stories tests/engine -m "race or crash or soak" --timeout 7200 --durations=10 $(ARGS)

lock: setup-dev ## Both locks again, from pyproject.toml; needs the network
	@$(BIN)/python ground/lock.py

setup: python
	@"$(PYTHON)" ground/setup.py run

setup-dev: python
	@"$(PYTHON)" ground/setup.py dev

python:
	@test -n "$(PYTHON)" || { echo "set-up: there is no Python here that runs: install Python 3.11 or newer (Debian: python3 and python3-venv), or say where it is: make PYTHON=/path/to/python3.13." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys' || { echo "set-up: $(PYTHON) does not run: install Python 3.11 or newer, or say where it is: make PYTHON=/path/to/python3.13." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "set-up: $(PYTHON) is older than Python 3.11: install a newer one, or say where it is: make PYTHON=/path/to/python3.13." >&2; exit 1; }
