# What a person types. `make run` and `make test` set up what they need.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$each" && break; done || true)
PORT ?= 8600
STATE ?= .state
STAGE ?= dev
BIN := .venv/bin
# As many hands as the machine has cores; whoever is through takes half of what another has left, in its order.
SHARED := --numprocesses auto --maxprocesses 4 --dist worksteal

.PHONY: run walk unit test check screens quarter campaign mutants bench bench-cold month package lock clean run-set-up test-set-up bench-set-up mutants-set-up package-set-up artefact-set-up

# What is deployed instead of the sources, under the runtime that Lambda has: make run PACKAGE=build/dev
run: run-set-up $(if $(PACKAGE),artefact-set-up)
	@exec $(BIN)/python -m infra.stack --port $(PORT) --state $(STATE) $(if $(PACKAGE),--package $(PACKAGE))

# One whole day, told step by step; in another terminal, while `make run` is running.
walk: run-set-up
	@$(BIN)/python -m infra.walk http://127.0.0.1:$(PORT)

# Creates a unit, or applies a changed roster as a difference: make unit FILE=roster.yaml (docs/roster.md)
unit: run-set-up
	@$(BIN)/python -m infra.operate apply --state $(STATE) $(FILE)

test: test-set-up
	$(BIN)/python -m infra.client verify
	$(BIN)/python -m pytest $(SHARED)

check: test-set-up
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy

# A picture of every screen, taken by the journeys that judge it.
screens: test-set-up
	TEAN_BROWSER=required TEAN_SCREENS=docs/screens $(BIN)/python -m pytest $(SHARED) tests/browser

# Every night of a quarter for each unit kind and role, over HTTP (tests/e2e/test_quarter.py).
quarter: test-set-up
	TEAN_NIGHTS=92 $(BIN)/python -m pytest tests/e2e/test_quarter.py

# Faults, races, hostile input at their full size, an hour; the figures go into docs/figures.md.
campaign: test-set-up
	$(BIN)/python -m tests.campaign

# Each rule of the domain changed a little, to see a test fail of it; the score goes into docs/figures.md.
mutants: mutants-set-up
	$(BIN)/python -m tests.mutants

# What it measures itself against is installed for it alone; the figures go into docs/figures.md.
bench: bench-set-up
	$(BIN)/python -m tests.bench

# What a month of 1,000 devices asks of AWS, and its bill; into docs/figures.md and docs/deploy.md.
month: test-set-up
	$(BIN)/python -m tests.bench.costs

# Everything a stage is deployed from, in build/<stage>/, by the Python that Lambda has: make package STAGE=prod
package: package-set-up
	@.venv/package/bin/python -m infra.package $(STAGE)

# A cold start of what is deployed, by Lambda's Python, into docs/figures.md.
bench-cold: test-set-up artefact-set-up package
	$(BIN)/python -m tests.bench.cold build/$(firstword $(STAGE))

# New versions of what we depend on. The only command that needs uv; the locks name no index, so any mirror will do.
LOCK = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
# Layers need no other Python than the deployed one.
DEPLOYED = $(LOCK:3.11=3.12)
lock:
	$(LOCK) --upgrade pyproject.toml --all-extras --no-emit-package tean -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra imaging --extra operate --no-emit-package tean -c requirements/dev.txt -o requirements/run.txt
	$(LOCK) --upgrade requirements/ministack.in -o requirements/ministack.txt
	$(LOCK) --upgrade requirements/node.in -o requirements/node.txt
	$(LOCK) --upgrade requirements/bench.in -c requirements/dev.txt -o requirements/bench.txt
	$(LOCK) --upgrade requirements/mutants.in pyproject.toml --all-extras --no-emit-package tean -c requirements/dev.txt -o requirements/mutants.txt
	$(DEPLOYED) pyproject.toml --no-emit-package tean -c requirements/dev.txt -o requirements/core.txt
	$(DEPLOYED) requirements/imaging.in -c requirements/dev.txt -o requirements/imaging.txt
	$(DEPLOYED) --upgrade requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) --upgrade requirements/checkov.in -o requirements/checkov.txt

# Not the state: that is somebody's data.
clean:
	rm -rf .venv build miniprogram/node_modules miniprogram/dist functions/.chalice .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

run-set-up test-set-up bench-set-up mutants-set-up package-set-up artefact-set-up: %-set-up:
	@test -n "$(PYTHON)" || { echo "没有找到 Python 3.11 或更新的版本。装好后再试，或用 make PYTHON=… 指明它。" >&2; exit 1; }
	@$(PYTHON) -m infra.environment $(patsubst test,dev,$*)
