# Every target only wraps a command. `make` lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check --quiet install --require-hashes --requirement

# For commands that read the question bank but open no store.
NO_STORES := TRACKER_INSTANCE=build/instance TRACKER_MONGODB_URI=mongodb://127.0.0.1/unused \
	TRACKER_SECRET_KEY=nothing-is-signed-by-this-command

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV)/embedded.stamp ## make .venv with everything `make run` needs

.PHONY: run
run: $(VENV)/embedded.stamp ## serve on http://127.0.0.1:8000 (PORT=8001 for another); Ctrl-C stops
	@$(BIN)/python -m tracker.launch serve --port $(PORT)

.PHONY: test
test: $(VENV)/dev.stamp build/prove/made.stamp chromium bubblewrap pango ## run every test, the browser journeys included; storage and services on PostgreSQL, too
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile --quiet tests/storage tests/services tests/cli tests/reliability/test_restoring.py
	$(BIN)/python -m pytest -n 2 --dist loadfile

.PHONY: postgresql
postgresql: $(VENV)/dev.stamp build/prove/made.stamp chromium bubblewrap pango ## run every test that uses a SQL database on PostgreSQL, journeys and storms included
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile

.PHONY: check
check: $(VENV)/dev.stamp bank ## lint, types, layers, templates, question bank
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml tracker asgi.py wsgi.py
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/hadolint Dockerfile
	$(BIN)/compose-lint check --fail-on low --quiet compose.yaml

.PHONY: bank
bank: $(VENV)/embedded.stamp ## check the question bank
	@mkdir -p build/instance
	$(NO_STORES) $(BIN)/flask bank check

.PHONY: api
api: $(VENV)/embedded.stamp ## write docs/openapi.json, the document of the JSON API
	@mkdir -p build/instance
	$(NO_STORES) $(BIN)/flask api document

.PHONY: sbom
sbom: $(VENV)/dev.stamp ## write build/sbom.json: every library and vendored file, with its licence (CycloneDX)
	@mkdir -p build
	$(BIN)/python deploy/sbom.py build/sbom.json

.PHONY: prove
prove: $(VENV)/embedded.stamp build/prove/made.stamp bubblewrap ## run every item's proof (ITEMS=language/oop for some)
	@mkdir -m 700 -p instance
	$(NO_STORES) TRACKER_INSTANCE=instance $(BIN)/flask bank prove $(ITEMS)

.PHONY: demo
demo: $(VENV)/embedded.stamp ## fill a demonstration cohort
	@$(BIN)/python -m tracker.launch exec -- $(BIN)/flask demo fill

.PHONY: bench
bench: $(VENV)/dev.stamp chromium ## measure, and write docs/benchmarks.md
	$(BIN)/python -m benchmarks

.PHONY: chaos
chaos: $(VENV)/dev.stamp chromium ## kill, pause, cut the power, break it: is an acknowledged answer ever lost? (SEED=7)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED))
	SAVES=500 $(BIN)/python -m pytest --quiet tests/journeys/test_saved.py

.PHONY: races
races: $(VENV)/dev.stamp ## 1,000 rounds of two at once, and many more orders of what an attempt can meet
	THOROUGH=1 $(BIN)/python -m pytest -s tests/reliability/test_races.py tests/services/test_attempt_machine.py

.PHONY: enumeration
enumeration: $(VENV)/dev.stamp ## 200 pairs of known and unknown addresses: does time tell them apart?
	THOROUGH=1 $(BIN)/python -m pytest --quiet -s tests/web/test_enumeration.py

.PHONY: fuzz
fuzz: $(VENV)/dev.stamp ## send the API 10,000 odd requests by two people (CASES=100000 for more)
	CASES=$(or $(CASES),10000) $(BIN)/python -m pytest --quiet --capture=no tests/journeys/test_api_fuzzing.py

.PHONY: container
container: $(VENV)/dev.stamp bubblewrap ## build the image or, without an engine, follow its definition by hand
	$(BIN)/hadolint Dockerfile
	$(BIN)/compose-lint check --fail-on low --quiet compose.yaml
	@if docker info >/dev/null 2>&1; then \
		docker build --tag skillmark .; \
	else \
		echo "No container engine answers: the definition's steps are followed in a sandbox instead."; \
		THOROUGH=1 $(BIN)/python -m pytest --quiet tests/test_image.py; \
	fi

.PHONY: bench-scoring
bench-scoring: build/bench/made.stamp ## measure scoring beside its peers, and write docs/benchmarks-scoring.md
	OPENBLAS_NUM_THREADS=1 build/bench/bin/python -m benchmarks.scoring

.PHONY: pictures
pictures: $(VENV)/dev.stamp ## simulate what scores promise, draw it, and write docs/scoring.md
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.pictures

.PHONY: requirements
requirements: build/uv/bin/uv ## pin what pyproject.toml asks for (UPGRADE=1 moves all pins up)
	@pin() { \
		file=requirements/$$1.txt; shift; \
		build/uv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --quiet $(if $(UPGRADE),--upgrade) --output-file "$$file" "$$@" >/dev/null; \
	}; \
	pin app pyproject.toml && pin embedded pyproject.toml --extra embedded && \
		pin postgresql pyproject.toml --extra postgresql && pin dev pyproject.toml --extra embedded --group dev && \
		pin prove --group prove && pin bench --group bench

# A candidate counts only if it really runs (a pyenv shim may not), is in range, and can make a venv.
$(VENV)/made.stamp:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
			>/dev/null 2>&1; then \
			echo "Making $(VENV) with $$("$$python" --version)"; \
			"$$python" -m venv $(VENV) && touch $@; exit; \
		fi; \
	done; \
	echo "Skillmark needs Python 3.11, 3.12 or 3.13 with venv (on Debian: apt install python3 python3-venv);" \
		"name one with: make PYTHON=/path/to/python3" >&2; exit 1

$(VENV)/%.stamp: requirements/%.txt $(VENV)/made.stamp
	@echo "Installing $< (only when it changed)"
	@$(BIN)/python $(PIP) $<
	@touch $@

# What items are about, and what we are compared with, lives apart from what the app is made of.
build/prove/made.stamp build/bench/made.stamp: build/%/made.stamp: requirements/%.txt $(VENV)/made.stamp
	@echo "Installing $< (only when it changed)"
	@$(BIN)/python -m venv --clear build/$* && build/$*/bin/python $(PIP) $<
	@touch $@

build/uv/bin/uv: $(VENV)/made.stamp
	@$(BIN)/python -m venv build/uv && build/uv/bin/pip --disable-pip-version-check --quiet install uv

# $(call debian,what must be there,Debian's packages for it,what needs them)
define debian
@is_there() { { $(1); } >/dev/null 2>&1; }; \
	if ! is_there && command -v apt-get >/dev/null; then \
		as_root=; [ "$$(id -u)" = 0 ] || as_root='sudo -n'; \
		echo "Installing $(2)"; \
		{ $$as_root apt-get -qq update && $$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get -qq install --yes --no-install-recommends $(2); } >/dev/null 2>&1; \
	fi; \
	is_there || { echo "$(3): install it (on Debian: apt install $(2)) and try again" >&2; exit 1; }
endef

.PHONY: bubblewrap
bubblewrap:
	$(call debian,command -v bwrap && command -v git,bubblewrap git,Proofs need bubblewrap and git)

.PHONY: chromium
chromium:
	$(call debian,command -v chromium || command -v chromium-browser || command -v google-chrome,chromium \
		fonts-liberation,The browser journeys need Chromium)

.PHONY: pango
pango: $(VENV)/dev.stamp
	$(call debian,$(BIN)/python -c 'import weasyprint',libpango-1.0-0 libpangoft2-1.0-0,Results as PDFs need Pango)
