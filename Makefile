# Thin names for what `care` and the usual tools do. `make help` lists them.
PYTHON = $(eval PYTHON := $(shell for p in .venv/bin/python python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done))$(PYTHON)
CARE = .venv/bin/care
.DEFAULT_GOAL := help
.PHONY: help setup demo bench test prove lint types check up down lock contracts simulate torture images-check

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: ## make .venv with exactly what requirements.lock names
	@[ -n "$(PYTHON)" ] || { \
	  echo " ✘ No Python 3.11 or newer was found. Install one, or name it: make PYTHON=/its/path" >&2; exit 1; }
	@$(PYTHON) -I care/local/bootstrap.py setup

demo: setup ## start everything and play a council's journeys (KEEP=1: leave it running)
	@$(CARE) demo $(if $(KEEP),--keep)

bench: setup ## measure beside the textbook build and the bare program (QUICK=1, ONLY=B1,B4, FACTS=1000000 for B6, BOOKS=1)
	@.venv/bin/python -m tests.bench $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY)) $(if $(FACTS),--facts $(FACTS)) $(if $(BOOKS),--books)

test: setup ## the tests, on a real PostgreSQL and Kafka
	@.venv/bin/pytest -n 2 --dist loadgroup --ignore tests/chaos --ignore tests/e2e --ignore tests/simulation $(ARGS)
	@.venv/bin/pytest tests/e2e $(ARGS)

prove: setup ## servers and services die; the short forms of simulation and torture
	@.venv/bin/pytest -n 2 tests/simulation $(ARGS)
	@.venv/bin/pytest tests/chaos --ignore tests/chaos/torture $(ARGS)
	@.venv/bin/pytest -n 2 --dist loadgroup tests/chaos/torture $(ARGS)

lint: setup ## ruff and the import rules
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports

types: setup ## mypy --strict
	@.venv/bin/mypy

simulate: setup ## play the services in memory, RUNS schedules from SEED on
	@.venv/bin/python -m tests.simulation --runs $(or $(RUNS),2000) --seed $(or $(SEED),1) --workers $(or $(WORKERS),2)

check: lint types test ## everything a merge must pass

up: setup ## start everything, until Ctrl-C
	@$(CARE) up

down: setup ## stop everything
	@$(CARE) down

lock: ## make requirements.lock and jars.lock anew
	@[ -n "$(PYTHON)" ] || { echo " ✘ No Python 3.11 or newer was found. Install one." >&2; exit 1; }
	@$(PYTHON) -I care/local/bootstrap.py lock
	@$(MAKE) --no-print-directory setup
	@.venv/bin/python -m care.local.jars_lock

contracts: setup ## generate schemas and the AsyncAPI document
	@$(CARE) contracts $(ARGS)

torture: setup ## kill everything, many times, under load (KILLS=1000 SEED=7); goes on where it was stopped
	@.venv/bin/python -m tests.chaos.torture --kills $(or $(KILLS),1000) --seed $(or $(SEED),7)
	@.venv/bin/python -m tests.chaos.torture.planted

images-check: setup ## build the images, play the demo on them in containers, take them down
	@deploy/images-check
