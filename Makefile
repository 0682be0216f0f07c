PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help solve test lint bench docs man dist clean

help: ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 8

$(BIN)/.core: pyproject.toml constraints.txt
	@test -x $(BIN)/python || { echo "making $(VENV), a few seconds" && $(PYTHON) -m venv $(VENV); }
	@echo "installing exactsparse and the packages it needs into $(VENV), about half a minute"
	@$(INSTALL) --no-compile -e .
	@touch $@

$(BIN)/.test: $(BIN)/.core
	@echo "installing what the tests need, some minutes: torch, solvers, linters"
	@$(INSTALL) -e '.[test]'
	@touch $@

$(BIN)/.bench: $(BIN)/.core
	@echo "installing what the benchmarks compare with, some minutes"
	@$(INSTALL) -e '.[bench]'
	@touch $@

$(BIN)/.docs: $(BIN)/.core
	@echo "installing what the documentation is built with, a minute"
	@$(INSTALL) -e '.[docs]'
	@touch $@

solve: $(BIN)/.core ## install into .venv, and solve the first example of the README
	@$(BIN)/exactsparse solve data/us_income_tax_2024_rounded.csv --tolerance auto --plot us_income_tax_2024.png

test: $(BIN)/.test ## run all tests
	$(BIN)/python -m pytest -n auto

lint: $(BIN)/.test ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(BIN)/.bench ## run the benchmarks, for hours, on an idle machine
	$(BIN)/python -m benchmarks.univariate
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.convex
	$(BIN)/python -m benchmarks.m_sweep
	$(BIN)/python -m benchmarks.training

docs: $(BIN)/.docs ## build the documentation
	$(BIN)/python -m sphinx -W --keep-going --quiet -b html docs docs/_build/html
	@echo docs/_build/html/index.html

man: $(BIN)/.core ## write the man page from the help of the commands
	$(BIN)/python docs/man.py

dist: $(BIN)/.core ## build wheel and source archive, and try both in fresh environments
	$(BIN)/python .ci/dist.py

clean: ## remove what was built or cached; .venv stays
	rm -rf build dist docs/_build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
