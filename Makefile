PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: solve test lint bench docs

$(BIN)/.core: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(BIN)/.test: $(BIN)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

$(BIN)/.bench: $(BIN)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $@

$(BIN)/.docs: $(BIN)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	touch $@

solve: $(BIN)/.core
	@$(BIN)/exactsparse solve data/us_income_tax_2024_rounded.csv --tolerance auto --plot us_income_tax_2024.png

test: $(BIN)/.test
	$(BIN)/python -m pytest -n auto

lint: $(BIN)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(BIN)/.bench
	$(BIN)/python -m benchmarks.univariate
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.convex
	$(BIN)/python -m benchmarks.m_sweep
	$(BIN)/python -m benchmarks.training

docs: $(BIN)/.docs
	$(BIN)/python -m sphinx -W --keep-going --quiet -b html docs docs/_build/html
	@echo docs/_build/html/index.html
