# Every target sets up what it needs in .venv with plain venv and pip.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q -c .ci/constraints.txt

.PHONY: help demo test check-services check-clients coverage check bench bench-quality docs clean

help:  ## what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/venv:
	@echo "making a virtual environment in .venv"
	$(PYTHON) -m venv .venv
	@touch $@

.venv/demo: .venv/venv pyproject.toml .ci/constraints.txt
	@echo "installing aiservices with its mocks, OCR and speech"
	$(PIP) -e ".[mocks,ocr,speech]"
	@touch $@

.venv/dev: .venv/venv pyproject.toml .ci/constraints.txt
	@echo "installing aiservices with all extras and the development tools"
	$(PIP) -e ".[all,dev]"
	@touch $@ .venv/demo

demo: .venv/demo  ## the main job on real files: offline, with a priced report
	AISERVICES_BACKEND=mock $(BIN)/python -m examples.demo

test: .venv/dev  ## the whole test suite, offline
	$(BIN)/python -m pytest -n auto --operations=check

check-services: .venv/dev  ## the ledger on a real PostgreSQL, which comes with the development tools
	timeout 300 $(BIN)/python -m pytest tests/money/postgres.py

check-clients: .venv/dev  ## boto3, the AWS CLI, JavaScript's SDK and others against the server (needs Node.js and npm)
	$(BIN)/python -m tests.clients

coverage: .venv/dev  ## the table of operations, from what the tests show
	$(BIN)/python -m pytest -n auto tests/contract tests/mocks --operations=write

check: .venv/dev  ## format, lint, strict types, stubs, snapshot
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --strict tests/typing
	$(BIN)/basedpyright --level error
	$(BIN)/python -m aiservices.api.snapshot --check

bench: .venv/dev  ## speed against peers in the same run
	$(BIN)/python -m tests.bench

bench-quality: .venv/dev  ## the engines' accuracy on public data (DATA: a folder of checkouts)
	$(BIN)/python mocks/training/quality.py --data "$(DATA)"

docs: .venv/dev  ## the documentation, into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict -q

clean:  ## remove what the targets made
	rm -rf .venv site dist build demo-out .mypy_cache .pytest_cache .ruff_cache .hypothesis
