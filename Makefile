# Two commands set everything up on a fresh machine with Python 3.11+, make and git:
#   make run     a demo site, thirteen months of made-up traffic and its dashboard; DEMO="--days 7 --port 9000"
#                is handed on to it (`footfall demo --help`)
#   make test    all tests; what they need is installed (as root) or skipped with a plain message
PYTHON ?= python3
VENV := .venv
RUNS := $(VENV)/.runs
TESTS := $(VENV)/.tests
PIP := $(VENV)/bin/pip install --quiet --disable-pip-version-check --editable
SOURCES := pyproject.toml hatch_build.py package.json package-lock.json \
	$(wildcard ingest/tracker/*.ts dashboards/assets/* dashboards/assets/*/* dashboards/assets/*/*/*)

.PHONY: run test check messages clean
.DELETE_ON_ERROR:

run: $(RUNS)
	$(VENV)/bin/footfall demo $(DEMO)

test: $(TESTS) chromium
	$(VENV)/bin/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: $(TESTS)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm run --silent check

$(RUNS): $(SOURCES) | $(VENV)
	@echo "Installing Footfall into $(VENV): a minute the first time ..."
	$(PIP) .
	@touch $@

$(TESTS): $(SOURCES) | $(VENV)
	@echo "Installing Footfall and what its tests need into $(VENV): two minutes the first time ..."
	$(PIP) '.[dev]'
	@touch $@ $(RUNS)

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Footfall needs Python 3.11 or newer; name one with PYTHON=... make"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) --no-print-directory venv-package
	$(PYTHON) -m venv $(VENV)

# Debian's Python comes without the part that makes virtual environments.
.PHONY: venv-package chromium
venv-package:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
		then apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
		else echo "This Python cannot make virtual environments: install python3-venv, then try again."; exit 1; fi

chromium:
	@if { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; then :; \
		elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
		then apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
		else echo "No Chromium here: the tests in a real browser are skipped. Install chromium to run them."; fi

# Takes new texts of the pages into every catalogue, empty where they are to be translated. For a new language,
# `touch dashboards/languages/CODE.po` first.
LANGUAGES := $(wildcard dashboards/languages/*.po)
messages: $(TESTS)
	$(VENV)/bin/pybabel --quiet extract --mapping-file pyproject.toml --no-default-keywords \
		-k _ -k gettext -k ngettext:1,2 -k text -k plural:1,2 -k message -k SiteError -k RecipientError --no-location --sort-output \
		--project Footfall --version "" --copyright-holder Footfall --output-file messages.pot dashboards core
	for file in $(LANGUAGES); do $(VENV)/bin/pybabel --quiet update --input-file messages.pot --output-file $$file \
		--locale $$(basename $$file .po) --ignore-obsolete --no-fuzzy-matching --omit-header || exit 1; done
	rm messages.pot

clean:
	rm -rf $(VENV) footfall-demo node_modules ingest/static dashboards/static dashboards/fonts geo/data
