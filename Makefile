# Everything starts here: `make` lists the targets. Each sets up what it needs, on a fresh machine too.
.DEFAULT_GOAL := help
.PHONY: help setup up handover preview drift down test soak drill lint bench clean-tenant

PYTHON := .venv/bin/python
WITH_ENGINE := $(PYTHON) -m toolchain run --
EMULATED := $(WITH_ENGINE) .venv/bin/roomctl emulate --

# The stack of the emulated tenant lives in .dev/. Its passphrase protects nothing real.
up handover preview drift down: export PULUMI_BACKEND_URL := file://$(CURDIR)/.dev/state
up handover preview drift down: export PULUMI_CONFIG_PASSPHRASE := emulated-tenant

help: ## list the targets
	@[ -t 1 ] && [ -z "$$NO_COLOR" ] && name='\033[36m' end='\033[0m'; \
	awk -F ':.*## ' -v line="  $$name%-13s$$end %s\n" '/^[a-z-]+:.*## / { printf line, $$1, $$2 }' Makefile

setup: ## make the virtual environment and the Pulumi engine
	@toolchain/bootstrap.sh

up: .dev/state setup ## run the whole module against the emulated tenant
	@$(WITH_ENGINE) pulumi stack select --create dev
	@$(EMULATED) pulumi up --yes --suppress-outputs --stack dev
	@$(WITH_ENGINE) .venv/bin/roomctl handover --stack dev
	@echo "Here, on the emulated tenant, that is:"
	@echo "  make handover"

handover: setup ## show the settings for PlaceOS, secret included
	@$(WITH_ENGINE) pulumi stack output placeosCalendarConfig --show-secrets --stack dev

preview: .dev/state setup ## show what `make up` would change
	@$(WITH_ENGINE) pulumi stack select --create dev
	@$(EMULATED) pulumi preview --diff --stack dev

drift: .dev/state setup ## tell what is true in the emulated tenant and not in the code
	@$(WITH_ENGINE) .venv/bin/roomctl emulate --as Reader -- .venv/bin/roomctl drift --stack dev

down: .dev/state setup ## take down what `make up` made
	@$(WITH_ENGINE) pulumi stack select --create dev
	@$(EMULATED) pulumi destroy --yes --stack dev

test: setup ## run all tests, on every core
	@$(WITH_ENGINE) $(PYTHON) -m pytest -n auto --maxschedchunk 1

soak: setup ## run the long sweeps, for the night (hours)
	@$(WITH_ENGINE) $(PYTHON) -m pytest -n auto --maxschedchunk 1 -m soak

lint: setup ## check style, types, import contracts and workflows
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy .
	@.venv/bin/lint-imports
	@.venv/bin/zizmor --offline --quiet --strict-collection --persona auditor .github

drill: setup ## tamper with an emulated tenant in every way, look, repair, look again (half an hour)
	@$(WITH_ENGINE) $(PYTHON) -m tests.drill

bench: setup ## measure, print the table, write benchmarks/results.json
	@$(WITH_ENGINE) $(PYTHON) -m benchmarks

clean-tenant: ## forget the emulated tenant and its stack
	@rm -rf .dev

.dev/state:
	@mkdir -p $@
