# Everything here needs `make` and Python 3.11 or newer, nothing else. Stamps in .venv keep a second run short.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALL = command -v $(PYTHON) >/dev/null || { echo "no Python found; 3.11 or newer is needed" >&2; exit 1; }; \
	$(PYTHON) requirements/install.py $(VENV)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help briefing test check format readme picture train bench bench-pages bench-extract bench-deals bench-forecasts bench-kills bench-crawl bench-predictions bench-ledger bench-site bench-briefing bench-serve fuzz soak licences lock clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make briefing       crawl the demo newsroom, judge the shipped predictions, write the newest briefing
briefing: $(VENV)/.run
	@$(BIN)/tracker demo --out var/briefings

## make test           the checks, then the whole test suite
test: check
	@$(BIN)/python -m pytest -n 2

## make check          lint, format, types, and the documentation against the program
check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m tests.readme --check
	@$(BIN)/python -m tests.licences --check

## make format         what `make check` would ask for
format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

## make readme         write the commands' help into README.md
readme: $(VENV)/.dev
	@$(BIN)/python -m tests.readme

## make licences       write what the packages are licensed under into docs/licences.md, after `make lock`
licences: $(VENV)/.dev
	@$(BIN)/python -m tests.licences

## make picture        take the README's picture from a briefing of the demo (needs a Chromium)
picture: $(VENV)/.dev briefing
	@$(BIN)/tracker briefing build --week 2026-W21 --out var/picture
	@$(BIN)/python -m tests.test_brief_page var/picture/2026-W21.html docs/briefing-example.png

## make train          learn the extraction weights again from the annotated texts
train: $(VENV)/.train
	@$(BIN)/python -m benchmarks.common_words
	@$(BIN)/python -m benchmarks.train_extract

## make bench          measure the gathering: reading pages, and the throughput
bench: bench-pages bench-crawl

## make bench-pages    score what is read from real pages, and time it
bench-pages: $(VENV)/.bench
	@$(BIN)/python -m benchmarks.pages

## make bench-extract  score the extraction on the annotated texts
bench-extract: $(VENV)/.train
	@$(BIN)/python -m benchmarks.extract

## make bench-deals    score merging and linking on the news streams (reads them once, some minutes)
bench-deals: $(VENV)/.run
	@$(BIN)/python -m benchmarks.deals

## make bench-forecasts  check the scores against a published table and the libraries of the field
bench-forecasts: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.forecasts

## make bench-predictions  judge a simulated history with known truth, and time it
bench-predictions: $(VENV)/.run
	@$(BIN)/python -m benchmarks.predictions

## make bench-crawl    time a crawl beside a bare Scrapy spider, and watch its memory (some minutes)
bench-crawl: $(VENV)/.run
	@$(BIN)/python -m benchmarks.crawl

## make bench-kills    crawl 10,000 pages in bad weather, killed 50 times, and count what is had
bench-kills: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.kills

## make bench-ledger   let a simulated ledger grow to a million mentions, and kill work on it (an hour or more)
bench-ledger: $(VENV)/.run
	@$(BIN)/python -m benchmarks.ledger

## make bench-site     build the site of a simulated year, then of one week more (some minutes)
bench-site: $(VENV)/.run
	@$(BIN)/python -m benchmarks.site

## make bench-briefing  build an issue over 200,000 events, in every form (a minute)
bench-briefing: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.briefing

## make bench-serve    load `tracker serve` while a crawl runs (needs wrk; a minute)
bench-serve: $(VENV)/.run
	@$(BIN)/python -m benchmarks.serve

## make soak           two years of weekly work in minutes, with outages, kills and a spoilt backup
soak: $(VENV)/.run
	@$(BIN)/python -m benchmarks.soak

## make fuzz           read changed inputs of every kind, FUZZ_SECONDS=60 each; what fails is kept in tests/corpus
fuzz: $(VENV)/.dev
	@$(BIN)/python -m tests.fuzz $(KINDS)

## make lock           pin the newest versions that pyproject.toml allows (needs the package index)
lock:
	@$(PYTHON) requirements/lock.py

## make clean          remove what the commands above have made, the store under var/ too
clean:
	rm -rf $(VENV) var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.run: requirements/run.txt pyproject.toml
	@$(INSTALL) requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@$(INSTALL) requirements/dev.txt
	@touch $@

$(VENV)/.train: requirements/train.txt $(VENV)/.run
	@$(INSTALL) requirements/train.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.run
	@$(INSTALL) requirements/bench.txt
	@touch $@
