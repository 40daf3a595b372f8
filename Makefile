# Two commands do all: `make run` serves the shipped graph, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
DATA ?= data
HOST ?= 127.0.0.1
PORT ?= 8000
UV_VERSION := 0.13.9

.PHONY: setup run test check coverage lint types layers deps lock schemas clean web browser virtuoso wheel bench-setup bench soak

setup: $(VENV)/.installed web

$(VENV)/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kgraph needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

# The lock names versions and hashes, not a registry: whichever index this machine is set up with serves them.
$(VENV)/.installed: $(VENV)/bin/uv uv.lock pyproject.toml
	$(UV) export --quiet --frozen --all-groups --no-group node --no-emit-project --output-file $(VENV)/requirements.txt
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes --requirement $(VENV)/requirements.txt
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable .
	touch $@

# The pages' and the notebook widget's scripts. Node 20 or newer of this machine builds them, else the one PyPI carries.
# Where neither is to be had, everything else works, and a page says how to build them; CI ends here instead.
NODE := $(abspath $(BIN)):$(PATH)
WEB_SOURCES := $(shell find web/src -type f) $(wildcard web/*.ts web/*.json)

web: api/static/explorer/.built

api/static/explorer/.built: $(WEB_SOURCES) $(VENV)/.installed
	@{ $(MAKE) --no-print-directory web/node_modules/.installed && cd web && PATH="$(NODE)" npm run --silent build \
	  && touch ../$@; } || { test -z "$$CI" && echo 'the explorer and the notebook widget could not be built: they need Node and the npm packages of web/package-lock.json; `make web` tries again'; }

web/node_modules/.installed: web/package-lock.json $(VENV)/.installed
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20)' 2>/dev/null || { \
	  $(UV) export --quiet --frozen --only-group node --no-emit-project --output-file $(VENV)/node.txt \
	  && VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes --requirement $(VENV)/node.txt; }
	cd web && PATH="$(NODE)" npm ci --silent
	touch $@

# An empty data folder gets the shipped seeds first.
run: setup
	$(BIN)/kgraph serve --data $(DATA) --host $(HOST) --port $(PORT)

test: setup browser virtuoso
	$(BIN)/pytest

check: setup browser virtuoso lint types layers deps
	$(BIN)/pytest

# Apart from `check`: measuring makes the tests a third slower.
coverage: setup browser virtuoso
	$(BIN)/pytest --cov --cov-report=term:skip-covered

# The files that are made from others; tests fail when they drift.
schemas: setup
	$(BIN)/python -c 'import json, sys; from kgraph.namespaces import Namespaces; from kgraph.schema import Schema; \
	  json.dump(Schema.load(Namespaces.load()).context(), sys.stdout, indent=2, ensure_ascii=False); print()' > ontology/context.jsonld
	$(BIN)/python -c 'import json, sys; from kgraph.ingest.claimfile import json_schema; \
	  json.dump(json_schema(), sys.stdout, indent=2, ensure_ascii=False); print()' > ontology/claimfile.schema.json
	cp ontology/kgraph.ttl ontology/versions/0.1.0/kgraph.ttl

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy
	cd web && PATH="$(NODE)" npm run --silent types

layers: setup
	$(BIN)/lint-imports

deps: setup
	$(BIN)/deptry .

# Chromium for the browser tests, from Debian's packages when that is possible; the tests say what they skip.
browser:
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
	  || echo 'chromium is not here and cannot be installed: the browser tests will be skipped'

# Virtuoso, a SPARQL server the remote store is tested on, likewise: only the program, no service is set up.
virtuoso:
	@command -v virtuoso-t >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq virtuoso-opensource-7-bin >/dev/null; } \
	  || echo 'virtuoso-t is not here and cannot be installed: the tests on Virtuoso will be skipped'

# Resolve anew. The registry this machine uses is replaced by a name that means "whichever you have".
lock: $(VENV)/bin/uv
	$(UV) lock --upgrade
	sed -i -E 's#registry = "[^"]*"#registry = "https://registry.invalid/simple"#; s#url = "https?://[^"]*/([^"/]*)"#url = "https://registry.invalid/files/\1"#' uv.lock

# The benchmarks have an environment of their own: kgraph as locked, the peers as pinned; wrk is Debian's.
PEERS := benchmarks/.venv

bench-setup: $(PEERS)/.installed
	@command -v wrk >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq wrk >/dev/null; } \
	  || echo 'wrk is not here and cannot be installed: benchmarks/service.py needs it'

$(PEERS)/.installed: $(VENV)/.installed benchmarks/requirements.txt
	$(UV) venv --quiet --allow-existing --python $(BIN)/python $(PEERS)
	VIRTUAL_ENV=$(PEERS) $(UV) pip install --quiet --require-hashes --requirement $(VENV)/requirements.txt
	VIRTUAL_ENV=$(PEERS) $(UV) pip install --quiet --requirement benchmarks/requirements.txt
	VIRTUAL_ENV=$(PEERS) $(UV) pip install --quiet --no-deps --editable .
	touch $@

# Every figure of benchmarks/README.md at full size: hours, on a machine that does nothing else.
bench: bench-setup
	benchmarks/all.sh

# 500 requests made up for each route; the fault tests with 30 kills a write path; then reads, writes and hostile
# queries for half an hour.
SOAK ?= 1800
soak: setup
	KGRAPH_EXAMPLES=500 $(BIN)/pytest -n 1 --timeout=3000 tests/api/test_schemathesis.py
	KGRAPH_KILLS=30 $(BIN)/pytest -n 1 --timeout=3000 tests/faults
	KGRAPH_SOAK=$(SOAK) $(BIN)/pytest -n 0 --timeout=0 tests/soak

wheel: setup web
	$(UV) build --wheel --out-dir dist

clean:
	rm -rf $(VENV) $(PEERS) build dist *.egg-info web/node_modules api/static/explorer kgraph/client/static
