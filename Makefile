# Two commands matter: `make run` and `make test`. The rest serves them.

PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8501
HOST   ?= 127.0.0.1
BIN    := $(VENV)/bin
STATE  := $(if $(SAME_PAGE_HOME),$(SAME_PAGE_HOME),data)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check format sample bench bench-import bench-queries bench-browser bench-load lock screenshots

run: $(VENV)/.installed
	@test -f "$(STATE)/warehouse/current.json" || $(MAKE) --no-print-directory sample
	@$(BIN)/python -m ingest --rebuild --if-stale > /dev/null
	@echo "Same Page: http://$(HOST):$(PORT)"
	@exec $(BIN)/streamlit run dashboard.py --server.address $(HOST) --server.port $(PORT)

# The sample company, made and imported as a CRM's exports would be. Never into a warehouse that is there already.
sample: $(VENV)/.installed
	@if test -f "$(STATE)/warehouse/current.json"; then \
		echo "There is a warehouse in $(STATE) already. Name another folder: SAME_PAGE_HOME=/some/folder make sample"; \
		exit 1; fi
	@echo "Making a sample company (a few seconds) …"
	@$(BIN)/python -m data.make_sample --scale 1 --seed 7 --end 2026-11-16 --out "$(STATE)/sample"
	@echo "Importing its exports …"
	@$(BIN)/python -m ingest "$(STATE)/sample/salesforce" "$(STATE)/sample/hubspot" "$(STATE)/sample/goals.csv" | tail -n 1

test: $(VENV)/.installed
	@sh tests/set_up.sh $(BIN)/python
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Pictures of every page, for looking at and for README.md; into the folder OUT.
OUT ?= test-results
screenshots: $(VENV)/.installed
	$(BIN)/python -m tests.browser.screenshots $(OUT)

# How fast it is; best on a quiet machine. Samples and their imports are kept in BENCH_HOME, to be used again; tables are
# printed, figures written to bench-*.json. An import beside a bare load of the same files with the memory it takes, and a
# kill at 200 random moments; the estimators, with how often their intervals hold
# the truth; every question of the pages; clicks in a browser beside a bare page; thirty people at once.
# SCALES=100 is 7 GB of CSV and takes an hour or so.
SCALES ?= 1 10
BENCH_HOME ?= $(STATE)/bench
bench: bench-import bench-estimators bench-plants bench-queries bench-browser bench-load

bench-import: $(VENV)/.installed
	$(BIN)/python -m tests.bench.ingest --scale $(SCALES) --json bench.json
	SAME_PAGE_KILLS=200 $(BIN)/python -m pytest -q tests/ingest/test_safety_atomic.py -k random_moments

bench-estimators: $(VENV)/.installed
	$(BIN)/python -m tests.bench.estimators

# Twenty sample companies with planted truths and twenty without: what the diagnoses name. A quarter of an hour.
bench-plants: $(VENV)/.installed
	$(BIN)/python -m tests.bench.plants --seeds 20 --home "$(BENCH_HOME)/plants" --json bench-plants.json

bench-queries: $(VENV)/.installed
	$(BIN)/python -m tests.bench.queries --scale $(SCALES) --home "$(BENCH_HOME)" --json bench-queries.json

bench-browser: $(VENV)/.installed
	@sh tests/set_up.sh $(BIN)/python
	$(BIN)/python -m tests.bench.browser --scale $(SCALES) --home "$(BENCH_HOME)" --json bench-browser.json

bench-load: $(VENV)/.installed
	$(BIN)/python -m tests.bench.load --scale 10 --home "$(BENCH_HOME)" --json bench-load.json

# Exact pins from the short list; run after a change of requirements.in.
lock: $(VENV)/.installed
	$(BIN)/pip install -q pip-tools==7.6.2
	$(BIN)/pip-compile -q --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host requirements.in -o requirements.txt

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Same Page needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; \
		exit 1; }
	@echo "Installing into $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q -r requirements.txt
	@touch $@
