# `make` lists the targets. What takes more than a line stands in scripts/.
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
BINARY ?= .build/release/gatecheck
export PREFIX DESTDIR
SWIFT_FILES := Package.swift Sources Tests Fuzz templates

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: packages
packages: ## Install the packages the build needs
	@scripts/packages.sh

.PHONY: packages-tests
packages-tests: ## ... and those that its tests need
	@scripts/packages.sh --tests

.PHONY: build
build: packages ## Build .build/release/gatecheck
	@scripts/release.sh

.PHONY: run
run: build ## Build, and see the main job on docs/examples, offline
	@scripts/run.sh

.PHONY: test
test: packages-tests ## Build and run all tests, also on a real Kubernetes API server
	@$(MAKE) --no-print-directory -j2 -Otarget release lint-format
	@GATECHECK_BINARY=$(CURDIR)/.build/release/gatecheck scripts/test.sh
	@$(MAKE) --no-print-directory -j2 -Otarget test-fuzz test-doors

.PHONY: test-doors test-fuzz
test-doors:
	@rm -rf dist && scripts/dist.sh archive wheel sbom npm kubectl sums && scripts/dist-test.sh action archive kubectl npm pre-commit sbom scripts wheel

test-fuzz:
	@scripts/fuzz.sh 5
	@scripts/mutate.py 10000

.PHONY: fuzz
fuzz: packages-tests ## Run each fuzz target of Fuzz/ for ten minutes
	@scripts/fuzz.sh 600

.PHONY: sanitize
sanitize: packages-tests ## Run the tests that start no program under AddressSanitizer and ThreadSanitizer
	@scripts/sanitize.sh address
	@scripts/sanitize.sh thread

.PHONY: cluster
cluster: packages-tests build ## Start a Kubernetes API server on 127.0.0.1:6443 to try gatecheck on
	@scripts/cluster.sh up

.PHONY: cluster-down
cluster-down: ## Stop that server and remove its files
	@scripts/cluster.sh down

.PHONY: release
release: build ## Build it, and check its size and what it loads
	@scripts/check-release.sh

.PHONY: dist
dist: release ## Make the files of a release in dist/
	@scripts/dist.sh

.PHONY: dist-test
dist-test: dist ## ... and try them as users get them; DOORS="wheel deb" tries some
	@scripts/dist-test.sh $(DOORS)

.PHONY: install
install: ## Install program, manual and completions below PREFIX (/usr/local); DESTDIR is put before it
	@[ -x $(BINARY) ] || $(MAKE) build
	@scripts/tree.sh install $(BINARY)

.PHONY: uninstall
uninstall: ## Remove them
	@scripts/tree.sh uninstall

.PHONY: docs
docs: ## Write docs/rules/ anew from the rules
	@scripts/docs.sh

.PHONY: bench
bench: build ## Measure start-up, lint and requests beside kubectl, curl, dig and others
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
	rm -rf .build .build-* dist
