# Everything starts here. `make run` and `make test` need Python >= 3.11 (venv, pip) and make, and bring the rest.
# Each step leaves a stamp in .venv/stamps, so that a second run starts at once.
#
# AVIS_* settings pass through from the environment: AVIS_DATA=/srv/avis make run

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

STAMPS := .venv/stamps
PY := .venv/bin/python
# No prefix of ours on NODE's PATH: npm's own scripts find the node that find-node chose.
NODE_PATH_FIRST := PATH="$(CURDIR)/.venv/node-bin:$$PATH"
PIP := $(PY) -m pip install --quiet --quiet --disable-pip-version-check
NPM := $(NODE_PATH_FIRST) npm ci --loglevel=error --no-update-notifier --ignore-scripts --no-audit --no-fund >/dev/null

# Some linters greet at length; a passing check has one line to say at most.
QUIET := quiet() { out=$$("$$@" 2>&1) || { printf '%s\n' "$$out"; exit 1; }; }; quiet

# Two processes share the tests where there are two cores, a file at a time: each has servers, browsers and ports of its own
# (tests/turns.py). One alone takes about twice as long.
PROCESSES ?= $(shell test "$$(nproc 2>/dev/null || echo 1)" -ge 2 && echo 2 || echo 1)

# What is linted and typed: only rooms that exist, so that a partial checkout can be checked too.
PYTHON_ROOMS := $(foreach room,collector embed admin benchmarks scripts tests,\
	$(if $(wildcard $(room)/*.py $(room)/*/*.py),$(room)))
# Sources of the built scripts. A file more or less must rebuild too, hence the folders.
WIDGET_SOURCES := widget/build.mjs $(wildcard widget/src widget/src/* widget/src/*/* admin/src admin/src/* admin/src/*/*)

.PHONY: help
help: ## say what there is
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | \
	while IFS="$$(printf '\t')" read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

# ---- Set-up ---------------------------------------------------------------------------------------------------------

.PHONY: setup
setup: $(STAMPS)/runtime $(STAMPS)/project $(STAMPS)/widget ## install .venv/bin/avis and build the scripts it serves

$(STAMPS)/venv: scripts/find-python
	@echo "set-up: virtual environment"
	@python=$$(scripts/find-python) && "$$python" -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements/runtime.txt requirements/build.txt $(STAMPS)/venv
	@echo "set-up: Python packages"
	@$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@touch $@

# Without build isolation, pip builds with the hatchling of the lock and fetches nothing else.
$(STAMPS)/project: pyproject.toml $(STAMPS)/runtime
	@echo "set-up: avis"
	@$(PIP) --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(STAMPS)/node: scripts/find-node requirements/node.txt $(STAMPS)/venv
	@echo "set-up: Node"
	@scripts/find-node
	@touch $@

$(STAMPS)/npm: package.json package-lock.json $(STAMPS)/node
	@echo "set-up: scripts' packages"
	@$(NPM) --omit=dev
	@touch $@

$(STAMPS)/widget: $(WIDGET_SOURCES) $(STAMPS)/npm
	@echo "set-up: scripts and styles"
	@.venv/node-bin/node widget/build.mjs
	@touch $@

.PHONY: release-scripts
release-scripts: setup ## keep the built scripts in widget/released, where pages that pin them find them for ever
	@.venv/node-bin/node widget/build.mjs --release
	@$(PY) scripts/released_form.py

.PHONY: dev
dev: setup $(STAMPS)/dev $(STAMPS)/npm-dev ## add what tests and linters need

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/runtime
	@echo "set-up: Python packages for development"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/npm-dev: $(STAMPS)/npm
	@echo "set-up: scripts' packages for development"
	@$(NPM)
	@touch $@

.PHONY: services
services: $(STAMPS)/dev ## find or install Chromium, PostgreSQL and Redis for the tests
	@scripts/test-services

# ---- Run ------------------------------------------------------------------------------------------------------------

.PHONY: run
# A database without a single procedure is new, whichever engine holds it.
run: setup ## install, migrate, seed a demo, serve on http://127.0.0.1:8000
	@.venv/bin/avis migrate
	@[ -n "$$(.venv/bin/avis procedure list --json)" ] || .venv/bin/avis demo
	@exec .venv/bin/avis serve

# ---- Check ----------------------------------------------------------------------------------------------------------

.PHONY: lint
lint: dev
	@$(PY) -m ruff check $(PYTHON_ROOMS)
	@$(PY) -m ruff format --check $(PYTHON_ROOMS)
	@$(NODE_PATH_FIRST) node_modules/.bin/biome ci --error-on-warnings .
	@$(PY) -m mypy $(PYTHON_ROOMS)
	@$(QUIET) .venv/bin/lint-imports --no-cache
	@$(QUIET) .venv/bin/hadolint Dockerfile
	@$(QUIET) .venv/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	@$(QUIET) .venv/bin/compose-lint check --quiet --no-env --strict-config --fail-on low compose.yaml

.PHONY: check
check: lint ## the fast part: lint, types, imports, unit tests
	@$(PY) -m pytest -q tests/unit -m "not slow"

.PHONY: test
test: lint services ## everything: lint, types, imports, all tests on both databases, in a browser, under faults
	@$(PY) -m pytest $(if $(filter-out 1,$(PROCESSES)),--numprocesses $(PROCESSES) --dist loadfile) $(PYTEST)

.PHONY: format
format: dev ## let the formatters have their way
	@$(PY) -m ruff check --fix-only --quiet $(PYTHON_ROOMS)
	@$(PY) -m ruff format $(PYTHON_ROOMS)
	@$(NODE_PATH_FIRST) node_modules/.bin/biome check --write .

.PHONY: bench
bench: dev services ## measure; ONLY=intake measures one thing
	@$(PY) -m benchmarks $(ONLY)

# ---- Upkeep ---------------------------------------------------------------------------------------------------------

# uv resolves for every Python and machine at once, which pip cannot; only whoever renews the locks needs it.
.PHONY: lock
lock: $(STAMPS)/venv $(STAMPS)/node ## renew requirements/*.txt and package-lock.json
	@$(PIP) uv
	@scripts/lock

.PHONY: docs-pictures
docs-pictures: dev services ## take the pictures of the documentation anew; ONLY=modes takes some
	@$(PY) -m scripts.pictures $(ONLY)

.PHONY: clean
clean: ## forget everything that make made, but never the data
	rm -rf .venv node_modules widget/dist admin/static build dist
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
