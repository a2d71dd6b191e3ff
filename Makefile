# make setup | demo | test | bench | chaos | lint | reference.  Needs Python 3.11 and make, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
CORES := $(shell getconf _NPROCESSORS_ONLN)
STAMP := .venv/.installed

.PHONY: setup demo test lint bench chaos reference lock clean

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "bot needs Python 3.11 or newer, this is %d.%d; say: make PYTHON=/path/to/python3.11" % v[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup
	@$(BIN)/bot demo

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Three workers on two cores: many tests wait for processes and sockets.
test: setup
	$(BIN)/pytest -n $(shell expr \( $(CORES) \* 3 + 1 \) / 2) --dist worksteal

bench: setup
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bench.txt
	$(BIN)/python -m benchmarks

# Delivery under faults and kill -9, for some minutes: RUNS=50 SEED=7 make chaos
chaos: setup
	$(BIN)/python -m tests.chaos --runs $(or $(RUNS),20) --seed $(or $(SEED),1)

# The reference page of the rule language, from the code.
reference: setup
	$(BIN)/bot rules reference > docs/reference.md

# Only for maintainers: needs uv on the path.
lock:
	uv pip compile pyproject.toml --extra charts --extra parquet --extra prices --extra web --extra dev --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements.txt
	uv pip compile pyproject.toml --extra charts --extra parquet --extra prices --extra web --extra dev --extra bench --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements-bench.txt

clean:
	rm -rf .venv build dist
