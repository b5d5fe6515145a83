.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
T ?= tests

.PHONY: help setup run test soak check fix bench docs messages migrations needs clean

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: .venv/ready ## make .venv with the locked dependencies and .venv/bin/noren

.venv/ready: pyproject.toml uv.lock
	@echo "Making .venv with the locked dependencies; this takes about a minute."
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check "uv==0.13.9"
	UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync --locked --quiet --inexact --compile-bytecode
	touch .venv/ready

run: setup ## from nothing to a closed demo month and the web server, in var/demo
	NOREN_HOME=$${NOREN_HOME:-var/demo} .venv/bin/noren demo --serve

needs: setup ## install what the tests need: PostgreSQL, Chromium, Apache's OpenID module, Node and npm packages
	scripts/needs

test: setup needs ## run the whole suite, on the embedded database and on Debian's PostgreSQL
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(T)
	NOREN_TEST_DATABASE=debian $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/points tests/closing tests/members

soak: setup needs ## the long proofs: the same tests with larger counts
	NOREN_SOAK=1 $(PY) -m pytest -n 2 --dist worksteal $(T) -m soak

check: setup ## lint, types, imports, catalogues, migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) -m pytest --quiet tests/guards/test_texts.py
	$(PY) -W ignore::RuntimeWarning -m django makemigrations --check --dry-run --settings noren.config.settings

fix: setup ## let the tools mend what they can
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup ## measure against floors; writes benchmarks/results
	$(PY) -m benchmarks

docs: setup ## check the docs: examples, links, codes, options
	$(PY) -m pytest tests/guards -k docs

messages: setup ## collect texts and compile the catalogues
	scripts/messages

migrations: setup ## write migrations for changed models
	$(PY) -m django makemigrations --settings noren.config.settings

clean: ## remove what can be made again (data in var/ stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache build dist
