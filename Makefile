# make run    sets up, maps the sample documents (or DOCS=path), asks two questions, and serves until Ctrl-C
# make test   sets up and runs every test
# make bench  sets up and measures: how fast, as ratios (some five minutes; ARGS="--only serving --json"); the load
#             test only when asked for: ARGS="--only load --minutes 10"
# All may be run again at any time, and are quick the second time.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
DOCS ?= tests/samples/documents
DATA ?= data/$(if $(filter tests/samples/documents,$(DOCS)),samples,documents)
PORT ?= 8000
READY := .venv/ready
NODE := node_modules/.tests
BUILT := server/static/built/query.js
SSSOM := .venv-sssom/ready

.PHONY: run test bench editor lock clean

run: $(READY) editor
	.venv/bin/kommungraf ingest "$(DOCS)" --data "$(DATA)"
	@echo "== What became of each motion?"
	.venv/bin/kommungraf query server/queries/05-motions-and-their-end.rq --data "$(DATA)"
	@echo "== Where has a case been?"
	.venv/bin/kommungraf query server/queries/03-case-through-bodies.rq --data "$(DATA)"
	@trap 'exit 0' INT TERM; .venv/bin/kommungraf serve --data "$(DATA)" --port "$(PORT)"

test: $(READY) $(NODE) $(SSSOM) editor
	.venv/bin/pytest -n 2

bench: $(READY)
	.venv/bin/python -m tests.benchmarks $(ARGS)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: install python3 and python3-venv first."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is too old: install Python 3.11 or newer, or give one: make PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: install the package python3-venv and try again."; exit 1; }
	"$(PYTHON)" -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# The editor of the query page. Without it the page has a plain text field, which does the same.
editor:
	@if ! command -v npm >/dev/null; then echo "npm is missing: the query page gets a plain text field, no editor."; \
	else $(MAKE) -s --no-print-directory $(BUILT) || \
	  echo "The editor could not be built: the query page gets a plain text field."; fi

$(BUILT): $(wildcard server/assets/*.js) package.json package-lock.json
	@test package-lock.json -ot node_modules/.package-lock.json || npm ci --omit=dev --silent
	@npm run --silent build

# What the tests use of node; where there is no node, those tests are skipped and say so.
$(NODE): package.json package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent && touch $(NODE); \
	else echo "npm is missing: the tests that use it are skipped."; fi

# The validator of the alignments, with its hundred packages in an environment of their own.
$(SSSOM): tests/ontology/sssom.lock | $(READY)
	.venv/bin/python -m venv .venv-sssom
	.venv-sssom/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/ontology/sssom.lock
	@touch $(SSSOM)

lock:
	printf 'editables\nhatchling\n' | uv pip compile pyproject.toml - --extra dev --universal \
	  --python-version 3.11 --no-annotate --no-header --no-emit-index-url --quiet --output-file .venv/lock
	{ echo '# Every package that Kommungraf runs, is built and is tested with. Made from pyproject.toml by `make lock`.'; \
	  cat .venv/lock; } > requirements.lock
	uv pip compile --group sssom --universal \
	  --python-version 3.11 --no-annotate --no-header --no-emit-index-url --quiet --output-file .venv/lock
	{ echo '# What checks ontology/alignments, installed apart. Made from pyproject.toml by `make lock`.'; \
	  cat .venv/lock; } > tests/ontology/sssom.lock

clean:
	rm -rf .venv .venv-sssom .chromium node_modules server/static/built data
