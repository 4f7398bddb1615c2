# Two commands: `make run` shows a festival at work, `make test` shows that it works.
VENV ?= .venv
PY := $(VENV)/bin/python
PYTHON ?= python3.11
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test test-services lint bench clean help
help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/:/'

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned requirements (a few minutes, once) …"
	@$(PY) -m pip install -q --prefer-binary -c constraints.txt .
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	@echo "Installing what tests need …"
	@$(PY) -m pip install -q --prefer-binary -c constraints.txt ".[test]"
	@touch $@

tests/node_modules/.installed: tests/package.json
	command -v npm >/dev/null || ($(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends nodejs npm)
	cd tests && npm install --no-audit --no-fund --no-package-lock --silent
	@touch $@

.PHONY: chromium
chromium:
	@command -v chromium-headless-shell >/dev/null || \
		($(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-core) || \
		command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome

ifdef PORT
run: export SITE_URL ?= http://127.0.0.1:$(PORT)
endif
run: $(VENV)/.installed  ## migrate, lay out the demo edition, start web and workers, print the address
	@$(PY) manage.py demo
	@exec $(VENV)/bin/honcho start --no-colour

lint: $(VENV)/.installed-tests  ## ruff, import-linter, mypy on the pure packages, migrations check
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	$(PY) manage.py makemigrations --check --dry-run

test: lint chromium tests/node_modules/.installed  ## all checks and the whole suite on the embedded default
	$(PY) -m pytest -q -n 3 --dist loadgroup --no-loadscope-reorder -m "not services"  # on two cores: a third works while two wait

test-services: $(VENV)/.installed-tests  ## data, queue and storage against PostgreSQL, RabbitMQ, Redis and S3
	$(PY) -m pytest -q tests/services -m services

bench: $(VENV)/.installed-tests tests/node_modules/.installed  ## the benchmarks, with the machine's description
	$(PY) -m benchmarks.ladder
	$(PY) -m benchmarks.upload
	$(PY) -m benchmarks.events
	$(PY) -m benchmarks.assignment
	$(PY) -m benchmarks.jury_pages
	$(PY) -m benchmarks.ledger
	$(PY) -m benchmarks.ranking
	$(PY) -m benchmarks.judging
	$(PY) -m benchmarks.generation

clean:  ## forget the demo's data; the virtual environment stays
	rm -rf var static_root
