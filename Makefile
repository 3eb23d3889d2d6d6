# Two commands are enough: `make demo` shows Debitora, `make test` proves it. Every target sets up what it needs,
# and nothing twice: what is finished leaves a stamp, and a stamp is made again only when its sources are newer.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PYTHON ?= $(shell for p in python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $$p && break; done)
JOBS ?= 2
ASSETS := src/debitora/kit/static/debitora
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
CATALOGUES := $(shell find src/debitora -name django.po)
COVERED := $(addprefix src/debitora/,receivables engine dunning messaging people kit/tests/test_bulk.py kit/tests/test_sealing.py) \
	tests/sending
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

export DJANGO_SETTINGS_MODULE := tests.settings

.PHONY: help demo test check coverage format assets messages lock shots bench bench-peer bench-pages wheel clean

help:  ## list the targets
	@sed -nE 's/^([a-z-]+):.*## */\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS=$$'\t' read -r name text; do \
		printf '  make %-11s %s\n' "$$name" "$$text"; done

demo: export DJANGO_SETTINGS_MODULE := debitora.config.settings
demo: $(STAMPS)/runtime $(STAMPS)/assets messages  ## a small company with its own database, today's run, a mail catcher
	@$(BIN)/debitora demo

test: check $(STAMPS)/dev $(STAMPS)/assets $(STAMPS)/browser $(STAMPS)/imap messages  ## all that is checked and tested, browser included
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile $(ARGS)

check: export DEBITORA_SECRET_KEY := checks sign nothing
check: $(STAMPS)/dev messages  ## format, lint, types, contracts, tidiness, migrations
	@$(BIN)/ruff format --check --quiet --output-format concise . || { echo 'Not formatted: run `make format`.' >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/tidy

coverage: $(STAMPS)/dev $(STAMPS)/assets messages  ## branches of ledger, dunning, sending and scoping that no test takes
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --cov --cov-report=term $(COVERED) $(ARGS)

format:  ## put the code into the one form
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

assets: $(STAMPS)/assets  ## style sheets and scripts, from frontend/

messages: $(STAMPS)/messages

lock: $(STAMPS)/base  ## pin every dependency, with hashes and without addresses
	$(INSTALL) --require-hashes -r requirements/lock.txt
	for name in runtime dev peer; do \
		$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate \
			-o requirements/$$name.txt requirements/$$name.in; \
	done
	for name in build lock; do \
		$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate \
			-c requirements/dev.txt -o requirements/$$name.txt requirements/$$name.in; \
	done
	! grep -niE 'https?://|file:|index-url|find-links' requirements/*.txt

shots: $(STAMPS)/dev $(STAMPS)/assets $(STAMPS)/browser messages  ## pictures of pages: ARGS="http://127.0.0.1:8000 today=/c/demo/"
	@$(BIN)/python -m tests.browser.shots $(ARGS)

bench: $(STAMPS)/dev $(STAMPS)/assets messages  ## the figures of docs/reference/performance.md
	@$(BIN)/python -m bench $(ARGS)

bench-pages: $(STAMPS)/dev $(STAMPS)/assets messages  ## how long pages take over a million items
	@$(BIN)/python -m bench.pages $(ARGS)

bench-peer: $(STAMPS)/dev $(STAMPS)/peer messages  ## the same dunning run here and in a peer, which is installed for it
	@$(BIN)/python -m bench.peer $(ARGS)

wheel: $(STAMPS)/dev $(STAMPS)/assets  ## dist/debitora-*.whl
	@$(BIN)/hatchling build --target wheel

clean:  ## forget the environment and all that was built; data in DEBITORA_HOME stays
	rm -rf $(VENV) frontend/node_modules $(ASSETS) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src -name '*.mo' -delete

# --- what the targets stand on -------------------------------------------------------------------------------------

$(STAMPS)/base:
	@test -n "$(PYTHON)" || { echo 'Debitora needs Python 3.11: install it, or name it with `make PYTHON=/path/to/python3.11`.' >&2; exit 1; }
	@test -x $(BIN)/python || { echo 'Creating the environment in $(VENV)'; $(PYTHON) -m venv $(VENV); }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/libraries: requirements/runtime.txt requirements/build.txt | $(STAMPS)/base
	@echo 'Installing what Debitora needs'
	@$(INSTALL) --require-hashes -r requirements/runtime.txt
	@$(INSTALL) --require-hashes -r requirements/build.txt
	@touch $@

$(STAMPS)/runtime: pyproject.toml $(STAMPS)/libraries
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt | $(STAMPS)/runtime
	@echo 'Installing what tests and checks need'
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/peer: requirements/peer.txt | $(STAMPS)/base
	@echo 'Installing the peer in an environment of its own'
	@$(PYTHON) -m venv $(VENV)/peer
	@$(VENV)/peer/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peer.txt
	@touch $@

$(STAMPS)/messages: $(CATALOGUES) | $(STAMPS)/runtime
	@$(BIN)/python -m debitora.kit.messages
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package-lock.json frontend/package.json
	@command -v npm >/dev/null || { echo 'Building the pages needs Node 20 or newer with npm: install nodejs and npm.' >&2; exit 1; }
	@echo 'Installing what the pages need'
	@cd frontend && npm ci --no-audit --no-fund --silent && touch node_modules/.package-lock.json

$(STAMPS)/assets: $(FRONTEND) frontend/node_modules/.package-lock.json | $(STAMPS)/base
	@echo 'Building style sheets and scripts'
	@cd frontend && npm run build --silent
	@touch $@

$(STAMPS)/browser: | $(STAMPS)/base
	@.ci/browser
	@touch $@

$(STAMPS)/imap: | $(STAMPS)/base
	@.ci/imap
	@touch $@

# A deleted result makes its stamp worthless.
ifeq ($(wildcard $(ASSETS)/*),)
.PHONY: $(STAMPS)/assets
endif
