# The one door to everything a developer does. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help setup build test check fmt golden lab lab-down lab-long docs bench fuzz attack release install demo requirements clean
SWIFT ?= swift
BUILD = .build/debug

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the packages that building, tests and the lab need; quick when all are there
	@scripts/setup

build: setup ## build everything
	$(SWIFT) build --build-tests

test: setup ## build, then run every test: units, format, cases, recorded machines, Nova's answers, the lab; prints counts
	@scripts/test

check: ## what a review would say: format, imports, house rules, long runs that are too old
	@scripts/check-format
	@scripts/check-lab-long
	$(SWIFT) test --filter RepositoryTests

fmt: ## lay out all sources
	swift format --in-place --recursive Package.swift Sources Tests

golden: ## rewrite golden files; review the diff as code
	PATCHBAY_GOLDEN=write $(SWIFT) test

lab: build ## start a lab of one emulated host with server, dashboard and agent
	$(BUILD)/patchbay lab up

lab-down: ## end it
	$(BUILD)/patchbay lab down

lab-long: setup ## run what takes too long for `make test` (hours), and write it into docs/lab-long.md
	@scripts/lab-long

docs: ## check that every link in the documents leads somewhere
	@scripts/check-links

bench: ## measure, in a release build, beside what others need for the same; AGAINST=FILE: patchbay-bench of another commit
	$(SWIFT) build -c release --static-swift-stdlib --product patchbay-bench
	@scripts/bench

fuzz: setup ## look for inputs that are not survived: FUZZ_SECONDS=60 guided by coverage, FUZZ_CASES=20000 changed trees and planted uses
	@scripts/fuzz

attack: build ## attack a server of its own on loopback; ends by itself; ATTACK_SECONDS=120 for schemathesis
	@scripts/attack

release: ## build what is installed: optimised, with Swift's libraries in it
	@scripts/setup build
	$(SWIFT) build -c release --static-swift-stdlib --product patchbay

install: ## install program, units and completions: PREFIX=/usr/local, DESTDIR=, BINARY=FILE for one that is built
	$(if $(BINARY),,$(MAKE) release)
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' BINARY='$(BINARY)' UNITDIR='$(UNITDIR)' scripts/install

demo: build ## show it all: a device goes into a guest and comes back; KEEP=1 leaves the lab up
	$(BUILD)/patchbay lab demo $(if $(KEEP),--keep)

requirements: ## which requirements the last `make test` showed, and which not
	@scripts/requirements

clean: ## remove what was built (not the lab's cache)
	rm -rf .build
