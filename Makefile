# `make` lists the targets. Settings are environment variables, given as in `make run PORT=9000 DATA_DIR=/tmp/data`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

bin := .venv/bin
services := $(patsubst services/%/__main__.py,%,$(sort $(wildcard services/*/__main__.py)))

help: ## Show this list
	@awk -F ':.* ## ' '/^[a-z].*:.* ## / { sub("%", "NAME", $$1); sub("SERVICES", "$(services)", $$2); \
	  printf "  %-15s  %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Make .venv with all that is needed; quick when done (PYTHON= chooses the interpreter)
	@bash deploy/setup.sh

run: setup ## Run all of Backchat here, without Docker (PORT=8000 DATA_DIR=data)
	@$(bin)/python -m deploy.embedded

demo: setup ## Run backtests, a comparison and a chat, kill the services, and check every answer
	@$(bin)/python -m deploy.embedded.demo

kafka: setup ## Run Apache Kafka here, without Docker (KAFKA_PORT=9092 KAFKA_DATA_DIR=data/kafka-1 BROKERS=1)
	@$(bin)/python -m deploy.kafka

run-%: setup ## Run one service against your Kafka and MongoDB (SERVICES)
	$(if $(filter $*,$(services)),,$(error there is no service "$*", only $(services)))
	@$(bin)/python -m services.$*

dlq: setup ## Dead letters, the records that could not be handled: ARGS='list', 'show ID', 'replay ID' (KAFKA_BOOTSTRAP_SERVERS=)
	@$(bin)/python -m deploy.dlq $(ARGS)

rebuild: setup ## Publish strategies and backtests again, for a compare service that lost its data
	@$(bin)/python -m deploy.rebuild

check: lint types layers schemas test ## What every change must pass: lint, types, layers, schemas, test

lint: setup ## Check style and format
	@$(bin)/ruff check
	@$(bin)/ruff format --check

types: setup ## Check the types, strictly
	@$(bin)/mypy

layers: setup ## Check which module imports which
	@$(bin)/lint-imports

schemas: setup ## Check that the schemas and documents generated from contracts/ are up to date
	@$(bin)/python -m backchat_contracts.generate --check

schemas-write: setup ## Generate them
	@$(bin)/python -m backchat_contracts.generate

test: setup ## The tests to run after every change, some six minutes (ARGS='tests/unit -k lease -x' goes to pytest, -n 0 for one process)
	@$(bin)/python -m pytest -n 2 --no-loadscope-reorder -m 'not long' $(ARGS)

test-all: setup ## All tests but those on Apache Kafka and on containers (ARGS= as above)
	@$(bin)/python -m pytest -o testpaths=tests $(ARGS)

test-kafka: setup ## The flow, fault and cluster tests on Apache Kafka (ARGS= as above)
	@BACKCHAT_TEST_KAFKA=apache $(bin)/python -m pytest \
	  -o testpaths='tests/flows tests/faults tests/programs/deploy/test_kafka_cluster.py' $(ARGS)

test-stores: setup ## The store and flow tests on your MongoDB, in databases that are dropped (MONGODB_URI= ARGS= as above)
	$(if $(MONGODB_URI),,$(error give the address of a MongoDB: make test-stores MONGODB_URI=mongodb://localhost:27017))
	@BACKCHAT_TEST_MONGODB_URI="$$MONGODB_URI" MONGODB_URI= $(bin)/python -m pytest \
	  -o testpaths='tests/stores tests/flows' $(ARGS)

test-containers: setup ## The flow tests on Docker containers of Kafka and MongoDB
	@$(bin)/python -m pytest tests/containers $(ARGS)

bench: setup-bench ## Measure Backchat on this machine (KAFKA=embedded, or apache; RUNS=3 for medians; ARGS=--quick; ARGS='--only engine data')
	@$(bin)/python -m tests.bench $(ARGS)

losses: setup-bench ## Kill Backchat, Celery and taskiq at work, and count the jobs that each loses (KAFKA=embedded, or apache; ARGS='--seed 1')
	@$(bin)/python -m tests.bench.losses $(ARGS)

setup-bench:
	@bash deploy/setup.sh bench

chaos: setup ## Break Backchat under load and count what is lost (JOBS=1000 MINUTES=5 SEED= KAFKA=embedded, or apache; BROKERS=1)
	@$(bin)/python -m tests.chaos $(ARGS)

soak: setup ## Run a moderate load for long, and see whether anything grows without end (MINUTES=30 RATE=25)
	@$(bin)/python -m tests.soak $(ARGS)

calibration: setup ## Count how often the verdicts of comparisons are right, on simulated strategies (PAIRS=5000 UNIVERSES=500; ARGS=--quick)
	@$(bin)/python -m tests.calibration $(ARGS)

grounding: setup ## Count how many invented figures are caught in answers, and how many right answers are refused
	@$(bin)/python -m tests.grounding $(ARGS)

questions: setup ## Ask questions as people do, in conversations, and count the right and the wrong answers (ARGS='--only names')
	@$(bin)/python -m tests.questions $(ARGS)

# Without its stamp, the next setup compiles the simulator again: the compiled code is in the caches too.
clean: ## Remove caches and build products; .venv/ and your data/ stay
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .venv/.backchat-*
	@find . \( -path ./.venv -o -path ./data -o -path ./.git \) -prune -o -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help setup run demo kafka dlq rebuild check lint types layers \
  schemas schemas-write test test-all test-kafka test-stores test-containers setup-bench bench losses chaos soak calibration grounding questions clean
