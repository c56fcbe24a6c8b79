# Abhaya. `make demo` shows it, `make test` proves it; `make help` lists the rest. Repeating any of them costs nothing.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-spark test-gpu lint format release clean

VENV := .venv
PY := $(VENV)/bin/python
UV := $(shell command -v uv)
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$name && break; done)
INSTALL = $(if $(UV),uv pip install --quiet --python $(PY),$(PY) -m pip install --quiet --disable-pip-version-check)
WORDS := $(shell find src -name '*.po' 2>/dev/null)
PORT ?= 8000

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: build/ready ## virtual environment, npm assets, translations, PostgreSQL's programs; leaves .venv/bin/abhaya

demo: setup ## an invented world, received through the real door, at one address (PORT=8000)
	$(VENV)/bin/abhaya demo --port $(PORT)

test: setup build/dev ## everything: linters, types, house rules, then every test
	@$(PY) scripts/browser.py
	@$(PY) scripts/softhsm.py
	@$(MAKE) --no-print-directory lint
	@echo 'suites spark and gpu: not run here (make test-spark, make test-gpu)'
	$(VENV)/bin/pytest -n 2 --dist worksteal

test-spark: setup build/dev ## the suite of Apache Spark, on this machine: one answer on many (needs Java 17)
	@command -v java >/dev/null || { echo 'suite spark: not run here (there is no Java)' >&2; exit 3; }
	$(INSTALL) --editable '.[spark]'
	$(VENV)/bin/pytest suites/spark

test-gpu: setup build/dev ## the suite of the graphics processor: its answer is the same (needs an NVIDIA device)
	@command -v nvidia-smi >/dev/null && nvidia-smi -L || { echo 'suite gpu: not run here (there is no device)' >&2; exit 3; }
	$(INSTALL) --editable '.[gpu]'
	PYTHONPATH=. $(PY) suites/gpu/same_answer.py

lint: build/dev ## ruff, mypy, import contracts
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

format: build/dev ## what ruff can put right by itself
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

release: setup build/dev ## one signed archive for machines without internet (KEY=file of the signing key)
	$(PY) scripts/release.py --key $(KEY)

clean: ## what setup made
	rm -rf build node_modules src/abhaya/web/static/vendor src/abhaya/places/data/networks
	find src -name '*.mo' -delete

build/installed: pyproject.toml
	@$(if $(PYTHON)$(UV),,echo 'Python 3.11 or newer is needed, or uv (https://docs.astral.sh/uv/).' >&2; exit 3)
	@test -x $(PY) || $(if $(UV),uv venv --quiet $(if $(PYTHON),--python $(PYTHON),--python '>=3.11') $(VENV),$(PYTHON) -m venv $(VENV)) \
		|| { rm -rf $(VENV); echo 'Python cannot make a virtual environment here: on Debian, apt-get install python3-venv.' >&2; exit 3; }
	$(INSTALL) --editable '.[setup]'
	@mkdir -p build && touch $@

build/dev: build/installed
	$(INSTALL) --editable '.[dev]'
	@touch $@

build/ready: build/installed package.json package-lock.json scripts/prepare.py src/abhaya/places/prepare.py $(WORDS)
	@INSTALL='$(INSTALL)' $(PY) scripts/prepare.py
	@touch $@
