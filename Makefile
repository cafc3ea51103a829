# `make` lists the targets. What takes more than a line stands in scripts/.
.DEFAULT_GOAL := help
SWIFT_FILES := Package.swift Sources Tests Fuzz templates

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: ## Install the packages the build needs
	@scripts/install.sh

.PHONY: install-tests
install-tests: ## ... and those that its tests need
	@scripts/install.sh --tests

.PHONY: build
build: install ## Build .build/release/gatecheck
	@scripts/release.sh

.PHONY: run
run: build ## Build, and see the main job on docs/examples, offline
	@scripts/run.sh

.PHONY: test
test: install-tests lint-format release ## Build and run all tests, also on a real Kubernetes API server
	@GATECHECK_BINARY=$(CURDIR)/.build/release/gatecheck scripts/test.sh
	@scripts/fuzz.sh 5
	@scripts/mutate.py 10000

.PHONY: fuzz
fuzz: install-tests ## Run each fuzz target of Fuzz/ for ten minutes
	@scripts/fuzz.sh 600

.PHONY: sanitize
sanitize: install-tests ## Run the tests that start no program under AddressSanitizer and ThreadSanitizer
	@scripts/sanitize.sh address
	@scripts/sanitize.sh thread

.PHONY: cluster
cluster: install-tests build ## Start a Kubernetes API server on 127.0.0.1:6443 to try gatecheck on
	@scripts/cluster.sh up

.PHONY: cluster-down
cluster-down: ## Stop that server and remove its files
	@scripts/cluster.sh down

.PHONY: release
release: build ## Build it, and check its size and what it loads
	@scripts/check-release.sh

.PHONY: docs
docs: ## Write docs/rules/ anew from the rules
	@scripts/docs.sh

.PHONY: bench
bench: build ## Measure start-up and lint beside kubectl and actionlint
	@GATECHECK_BENCH=1 swift build -c release --product redact
	@python3 Benchmarks/run.py

.PHONY: format
format: ## Format all Swift files
	swift format -i --recursive --parallel $(SWIFT_FILES)

.PHONY: lint-format
lint-format: ## Check the format of all Swift files, comments and texts of Sources included
	swift format lint --strict --recursive --parallel $(SWIFT_FILES)
	@! LC_ALL=C.UTF-8 grep -rnE '^.{121,}' --include=*.swift Sources templates Fuzz || { echo "over 120 columns" >&2; exit 1; }

.PHONY: clean
clean: ## Remove what was built here
	rm -rf .build .build-*
