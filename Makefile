# `make run` and `make test` need git, make and Python 3.11 or newer; they set up the rest in .venv/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Python keeps what it has compiled: else every process that a test begins compiles all of us anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test test-all test-pythons lint types docs site screenshots check lock bench clean \
  safety safety-kills safety-writes safety-idle safety-upgrades safety-network safety-fuzz \
  safety-xss safety-ssrf safety-secrets safety-load safety-soak safety-faults

help: ## show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

run: $(VENV)/.run-ready ## refresh, publish and serve what config.toml says, until Ctrl-C
	$(BIN)/python -m aggregator run

# Who has run their tests takes over some of those that another one still has to run.
SHARED := -n auto --dist worksteal

test: $(VENV)/.test-ready ## run the tests (under three minutes on two cores)
	$(BIN)/pytest $(SHARED) -m "not long"

test-all: $(VENV)/.test-ready ## run the long tests too
	$(BIN)/pytest $(SHARED)

TESTS ?= tests
PYTHONS ?= $(shell .ci/pythons)

test-pythons: ## run the tests (TESTS=…) on every CPython from 3.11 on that is installed
	@for python in $(PYTHONS); do \
	  version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  echo "== CPython $$version ($$python)"; \
	  $(MAKE) --no-print-directory VENV=.venvs/$$version PYTHON=$$python .venvs/$$version/.test-ready && \
	  .venvs/$$version/bin/pytest -q $(SHARED) -m "not long" $(TESTS) || exit 1; \
	done

lint: $(VENV)/.test-ready ## check format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.test-ready ## check the types
	$(BIN)/mypy

docs: $(VENV)/.test-ready ## write the generated documentation anew
	$(BIN)/python -m aggregator.cli.reference

site: $(VENV)/.site-ready ## build the documentation as a site in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

screenshots: $(VENV)/.test-ready ## take the pictures of the documentation anew (needs Chromium)
	$(BIN)/python -m tests.docs.screenshots

golden: $(VENV)/.test-ready ## write anew how each form of attribution is to be published
	$(BIN)/python -m tests.publish.forms

check: lint types test ## everything a change must pass

bench: $(VENV)/.bench-ready ## measure, beside peers where they are installed
	$(BIN)/python -m bench

lock: ## pin the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --quiet --upgrade pyproject.toml --output-file requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --quiet --upgrade pyproject.toml --group dev --constraint requirements.txt \
	  --output-file requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --quiet --upgrade --group docs --constraint requirements-dev.txt \
	  --output-file requirements-docs.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --quiet --upgrade --group bench --constraint requirements-dev.txt \
	  --output-file requirements-bench.txt

SAFETY_KILLS ?= 10000
SAFETY_WRITE_FAULTS ?= 1000
SAFETY_IDLE_RUNS ?= 1000
SAFETY_SOAK_MINUTES ?= 240
SAFETY_SOAK_NEWS ?= 1
SAFETY_SOAK_KEEP ?= 15

safety: safety-kills safety-writes safety-idle safety-upgrades safety-network safety-fuzz safety-xss safety-ssrf safety-secrets safety-load safety-soak safety-faults ## hold every promise at full size (hours)

safety-kills: $(VENV)/.test-ready ## kill the daemon, and every command, at any moment
	SAFETY_KILLS=$(SAFETY_KILLS) SAFETY_COMMAND_KILLS=30 SAFETY_COMMAND_CALLS_EVERY=1 $(BIN)/pytest -q -s tests/safety/test_kills.py tests/safety/test_killed_commands.py

safety-writes: $(VENV)/.test-ready ## let each write, sync and rename fail (needs strace)
	SAFETY_WRITE_FAULTS=$(SAFETY_WRITE_FAULTS) $(BIN)/pytest -q tests/safety/test_write_faults.py

safety-idle: $(VENV)/.test-ready ## run again with nothing new, and with all ids changed
	SAFETY_IDLE_RUNS=$(SAFETY_IDLE_RUNS) $(BIN)/pytest -q tests/safety/test_idle.py

safety-upgrades: $(VENV)/.test-ready ## bring stores of every earlier version up to date
	SAFETY_UPGRADE_EVERY=1 $(BIN)/pytest -q tests/safety/test_upgrades.py

safety-network: $(VENV)/.test-ready ## ask hostile servers, and many that hang
	SAFETY_HANGING=100 SAFETY_BEHAVIOURS_EVERY=1 $(BIN)/pytest -q -s tests/safety/test_network.py

safety-fuzz: $(VENV)/.test-ready ## have 100,000 mutated documents and 2,000 made-up lists read
	SAFETY_MUTATIONS=100000 SAFETY_PIECES_EVERY=1 $(BIN)/pytest -q -s tests/safety/test_fuzz.py
	SAFETY_RESTRUCTURED=20000 $(BIN)/pytest -q tests/parse/test_quick.py
	SAFETY_ENTRIES=2000 $(BIN)/pytest -q tests/validity/test_any_entry.py

safety-xss: $(VENV)/.test-ready ## open every document of a poisoned site in Chromium
	SAFETY_XSS_EVERY=1 $(BIN)/pytest -q -s tests/safety/test_xss.py

safety-ssrf: $(VENV)/.test-ready ## try every way inside the network
	$(BIN)/pytest -q tests/safety/test_ssrf.py

safety-secrets: $(VENV)/.test-ready ## look for planted secrets in whatever is said
	$(BIN)/pytest -q tests/safety/test_secrets.py

safety-load: $(VENV)/.test-ready ## read while 100 sources are refreshed (on a machine that rests)
	SAFETY_LOAD=strict SAFETY_LOAD_SECONDS=20 SAFETY_LOAD_SOURCES=100 $(BIN)/pytest -q -s tests/safety/test_load.py

safety-soak: $(VENV)/.test-ready ## have the daemon run for hours and look at what it takes
	SAFETY_SOAK_MINUTES=$(SAFETY_SOAK_MINUTES) SAFETY_SOAK_NEWS=$(SAFETY_SOAK_NEWS) SAFETY_SOAK_KEEP=$(SAFETY_SOAK_KEEP) $(BIN)/pytest -q -s tests/safety/test_soak.py

safety-faults: $(VENV)/.test-ready ## fill a disk, damage the store, set the clock (as root)
	$(BIN)/pytest -q tests/safety/test_disks.py tests/safety/test_damage.py tests/safety/test_clocks.py

clean: ## remove the environment and the caches
	rm -rf $(VENV) .venvs .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "aggregator needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if command -v uv >/dev/null; then uv venv --quiet --python $(PYTHON) $(VENV); \
	  else $(PYTHON) -m venv $(VENV); fi

$(VENV)/.run-ready: requirements.txt | $(VENV)/pyvenv.cfg
	@echo "setting up $(VENV) …"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/.test-ready: requirements-dev.txt | $(VENV)/pyvenv.cfg
	@echo "setting up $(VENV) …"
	@$(call install,requirements-dev.txt)
	@touch $@

$(VENV)/.bench-ready: requirements-bench.txt $(VENV)/.test-ready
	@$(call install,requirements-bench.txt)
	@touch $@

$(VENV)/.site-ready: requirements-docs.txt | $(VENV)/pyvenv.cfg
	@echo "setting up $(VENV) …"
	@$(call install,requirements-docs.txt)
	@touch $@

define install
if command -v uv >/dev/null; \
  then uv pip install --quiet --python $(VENV) --compile-bytecode --require-hashes -r $(1); \
  else $(BIN)/python -m pip install --quiet --require-hashes -r $(1); fi
endef
