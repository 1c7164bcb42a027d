# The one entry point, for people and for CI. `make help` lists what there is.
#
# Every target that needs PostgreSQL, RabbitMQ or Redis finds or starts them itself
# (scripts/services) and reads their addresses from $(RUN_DIR)/env.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

RUN_DIR := $(if $(POSTA_RUN_DIR),$(POSTA_RUN_DIR),.run)
TARGET_DIR := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)
# The demo is built as the tests are (unoptimised): a stranger waits for the build, not for the
# programs. `make demo PROFILE=release` shows the real thing, and `make bench` measures nothing else.
PROFILE ?= $(if $(filter bench,$(MAKECMDGOALS)),release,dev)
BIN_DIR := $(TARGET_DIR)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))
ENV = . $(RUN_DIR)/env
# What to run, for `make test ARGS='-p posta-bus retry'` and `make drill ARGS=kill`.
ARGS ?=
# Which conversations to play: a name, or all. An unknown name lists them.
SCENARIO ?=
DEMO = $(if $(SCENARIO),--scenario $(SCENARIO)) $(ARGS)

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z][a-z-]*:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##### Run

.PHONY: demo
demo: services build ## Start everything, play a conversation and a booking, stay up until Ctrl-C
	@$(ENV) && exec $(BIN_DIR)/sandbox demo $(DEMO)

.PHONY: smoke
smoke: services build ## The demo without staying; exit 0 or 1
	@$(ENV) && exec $(BIN_DIR)/sandbox demo --once $(DEMO)

.PHONY: drill
drill: build ## Kill processes and services under load and count what is left (private services)
	@export POSTA_RUN_DIR=$(abspath $(RUN_DIR)/drill) POSTA_SERVICES=private \
		POSTA_PKG_DIR=$${POSTA_PKG_DIR:-$(abspath $(RUN_DIR)/pkg)}; \
	trap 'scripts/services down' EXIT; \
	scripts/services up && . $(RUN_DIR)/drill/env && $(BIN_DIR)/sandbox drill $(ARGS)

.PHONY: bench
bench: build ## Measure ingress alone and the whole loop (private services; PROFILE=release unless given)
	@export POSTA_RUN_DIR=$(abspath $(RUN_DIR)/bench) POSTA_SERVICES=private \
		POSTA_PKG_DIR=$${POSTA_PKG_DIR:-$(abspath $(RUN_DIR)/pkg)}; \
	trap 'scripts/services down' EXIT; \
	scripts/services up && . $(RUN_DIR)/bench/env && $(BIN_DIR)/sandbox bench $(ARGS)

.PHONY: services
services: ## Find or start PostgreSQL, RabbitMQ and Redis; addresses go to .run/env
	@scripts/services up

.PHONY: services-stop
services-stop: ## Stop what `make services` started (data stays)
	@scripts/services down

##### Build

.PHONY: build
build: tools ## Build every binary (PROFILE=dev, or release)
	@echo "building (profile $(PROFILE)); the first time takes some minutes" >&2
	@cargo build --locked --workspace --bins --profile $(PROFILE)

.PHONY: fmt
fmt: tools ## Format the code
	@cargo fmt --all

.PHONY: sqlx-prepare
sqlx-prepare: services ## Renew .sqlx/ (checked queries) against a freshly migrated database
	@$(ENV) && scripts/sqlx-prepare

##### Test

.PHONY: test
test: test-doc test-rust ## All tests, against the real three services

.PHONY: test-rust
test-rust: tools services
	@$(ENV); if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --locked --workspace $(ARGS); \
	else \
		echo "cargo-nextest is not installed (cargo install --locked cargo-nextest): using cargo test" >&2; \
		cargo test --locked --workspace --lib --bins --tests --no-fail-fast $(ARGS) 2>&1 | awk '{ print } \
			/^test result:/ { passed += $$4; failed += $$6 } END { print passed + 0 " passed, " failed + 0 " failed" }'; \
	fi

.PHONY: test-doc
test-doc: tools services ## The examples in the documentation
	@$(ENV) && cargo test --locked --workspace --doc --quiet

.PHONY: test-unit
test-unit: tools ## The pure rules only: no services
	@if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --locked -p posta-domain; \
	else \
		cargo test --locked -p posta-domain; \
	fi

.PHONY: test-language
test-language: tools ## How guests write: the rates, the confusion table and every miss, printed
	@cargo test --locked -p posta-domain --test language -- --nocapture --test-threads=1 $(ARGS)

.PHONY: test-ledger
test-ledger: tools services ## 10,000 random histories of money; POSTA_HISTORIES says how many, POSTA_HISTORY_SEED from where
	@$(ENV) && cargo test --locked -p posta-store --test it histories -- --ignored --nocapture $(ARGS)

.PHONY: bench-language
bench-language: tools ## How long a message takes to be understood, and the worst of hostile ones (optimised)
	@cargo test --locked --release -p posta-domain --test language growth -- --ignored --nocapture --test-threads=1

.PHONY: test-services
test-services: ## The set-up scripts: start, kill, restart and stop private services
	@scripts/test-services

.PHONY: test-sdk
test-sdk: tools ## The official Mercado Pago SDKs (npm, PyPI; installed into .run/sdk) against the simulator
	@scripts/test-sdk

##### Check

.PHONY: check
check: check-fmt check-scripts check-arch check-unused check-deny check-env check-compose check-clippy check-doc ## Everything CI checks beside the tests

.PHONY: check-fmt
check-fmt: tools ## Formatting
	@cargo fmt --all --check

.PHONY: check-clippy
check-clippy: tools ## Lints, warnings are errors
	@cargo clippy --locked --workspace --all-targets --quiet -- -D warnings

.PHONY: check-doc
check-doc: tools ## Documentation builds, with private items, warnings are errors
	@RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps --document-private-items --quiet

.PHONY: check-deny
check-deny: tools ## Licences, sources and banned crates (deny.toml)
	@scripts/check/tool deny 0.20.2 --log-level error --locked check licenses bans sources

.PHONY: check-arch
check-arch: tools python ## Crates depend on each other only along the design's arrows
	@python3 scripts/check/arch.py

.PHONY: check-unused
check-unused: tools ## No dependency that nobody uses
	@scripts/check/tool machete 0.9.2

.PHONY: check-env
check-env: python ## .env.example names every variable that the code reads
	@python3 scripts/check/env_example.py

.PHONY: check-scripts
check-scripts: ## Shell scripts (bash -n always; shellcheck where it is installed)
	@scripts/check/shell

.PHONY: check-compose
check-compose: ## docker-compose.yml against the Compose specification
	@scripts/check/compose

.PHONY: check-sqlx
check-sqlx: services ## .sqlx/ is what the queries and migrations give
	@$(ENV) && scripts/sqlx-prepare --check

##### Tools

.PHONY: tools
tools:
	@command -v cargo >/dev/null || { echo "cargo is missing: install Rust with rustup, see https://rustup.rs" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "a C compiler is missing (Rust links with it): run  apt-get install gcc libc6-dev" >&2; exit 1; }

.PHONY: python
python:
	@command -v python3 >/dev/null || { echo "python3 is missing: run  apt-get install python3" >&2; exit 1; }
