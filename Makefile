# Every target works from a fresh clone with only python3 and make. `make venv` uses uv where it is present.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STUDY ?= nct01988506
EXPORT ?= exports/$(STUDY)

.PHONY: venv build test check docs bench clean

venv: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv -q --clear --python $(PYTHON) $(VENV) && \
	  VIRTUAL_ENV=$(VENV) uv pip install -q --require-hashes -r requirements.lock && \
	  VIRTUAL_ENV=$(VENV) uv pip install -q --no-deps --no-build-isolation -e . ; \
	else \
	  $(PYTHON) -m venv --clear $(VENV) && \
	  $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

build: venv
	@test -e $(EXPORT)/MANIFEST.json || $(BIN)/trialwright simulate $(STUDY) --out $(EXPORT)
	@# exit code 1 says that there are findings: the simulated export has them on purpose
	$(BIN)/trialwright build $(STUDY) --raw $(EXPORT) --out builds || test $$? -eq 1

test: venv
	$(BIN)/python -m pytest

check: venv
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m trialwright.documentation --check
	$(BIN)/python tests/wheel.py

docs: venv
	$(BIN)/python -m trialwright.documentation

bench: venv
	@for each in bench/*.py; do $(BIN)/python $$each || exit 1; done

clean:
	rm -rf builds exports $(VENV)
