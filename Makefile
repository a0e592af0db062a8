# `make` lists the targets. What they need beside Go, gcc, Node and make they fetch
# into .cache and web/node_modules; `make test` may also install by apt.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

GOLANGCI_VERSION := v2.15.0
GOFUMPT_VERSION := v0.12.0
GOLANGCI := .cache/bin/golangci-lint-$(GOLANGCI_VERSION)
GOFUMPT := .cache/bin/gofumpt-$(GOFUMPT_VERSION)

# Tests whose work is bulk (whole corpora, many thousand messages) are named so.
# The race detector would turn their minutes into hours: they run without it.
BULK := ^Test(Bulk|Corpus)
COUNT := node scripts/count-tests.mjs
GO_FILES = $$(git ls-files -co --exclude-standard '*.go')
SCRIPTS = $$(grep -rlE '^\#!.*bash' scripts .ci)

.PHONY: help
help:
	@echo 'make TARGET, where TARGET is one of'
	@awk -F ' ?#' '/^[a-z-]+:.* ## / { sub(/:.*/, "", $$1); printf "  %-14s %s\n", $$1, $$3 }' Makefile

# ---- check -------------------------------------------------------------------

.PHONY: check
check: lint ## what to run before every commit: format, lint, unit tests on SQLite
	@$(COUNT) go sqlite -short ./...

.PHONY: test
test: ## everything a change must pass, both databases; installs what it lacks
	@scripts/install-deps
	@rm -rf .cache/tally
	@status=0; export TALLY_DIR=$(CURDIR)/.cache/tally; \
	$(MAKE) --keep-going lint test-go || status=1; \
	$(COUNT) total || status=1; \
	exit $$status

.PHONY: lint
lint: $(GOFUMPT) $(GOLANGCI) ## format and lint, without changing a file
	@unformatted=$$($(GOFUMPT) -l $(GO_FILES)); \
	if [[ -n $$unformatted ]]; then echo "make fmt would change: $$unformatted"; exit 1; fi
	$(GOLANGCI) run ./...

.PHONY: fmt
fmt: $(GOFUMPT) ## format all sources
	@$(GOFUMPT) -l -w $(GO_FILES)

# ---- tests -------------------------------------------------------------------

.PHONY: test-go
test-go: ## every Go test, on SQLite and PostgreSQL, with the race detector
	@scripts/with-servers $(MAKE) go-sqlite go-bulk go-postgres

.PHONY: test-pg
test-pg: ## the Go tests that use the database, on PostgreSQL
	@scripts/with-servers $(MAKE) go-postgres

# The targets below belong inside scripts/with-servers.
.PHONY: go-sqlite go-bulk go-postgres
go-sqlite:
	@env -u PARLEY_TEST_DATABASE_URL $(COUNT) go sqlite -race -timeout 15m -skip '$(BULK)' ./...

go-bulk:
	@if grep -rqE --include='*_test.go' 'func $(BULK:^%=%)' cmd internal; then \
		env -u PARLEY_TEST_DATABASE_URL $(COUNT) go bulk -timeout 15m -run '$(BULK)' ./...; fi

# A test uses the database if its program links the package that opens one.
go-postgres:
	@$(COUNT) go postgres -race -timeout 15m -skip '$(BULK)' $$(go list -test -f '{{.ImportPath}} {{join .Deps " "}}' ./... | \
		awk '$$1 ~ /\.test$$/ && / parley\/internal\/store\/storetest( |$$)/ { sub(/\.test$$/, "", $$1); print $$1 }')

# ---- tools -------------------------------------------------------------------

.PHONY: mail
mail: ## send FILE=x.eml [TO=address] to the listener at SMTP=127.0.0.1:2525
	@go run ./cmd/mail -smtp '$(or $(SMTP),127.0.0.1:2525)' -to '$(TO)' '$(or $(FILE),$(error which mail? make mail FILE=x.eml))'

.PHONY: setup
setup: $(GOFUMPT) $(GOLANGCI) ## install all that the other targets need
	@scripts/install-deps

.PHONY: clean
clean: ## remove what was built and fetched; keeps ./data
	rm -rf bin .cache

# The version is part of the name, so that a new pin is a new file.
$(GOLANGCI):
	GOBIN=$(CURDIR)/.cache/bin CGO_ENABLED=0 go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv .cache/bin/golangci-lint $@

$(GOFUMPT):
	GOBIN=$(CURDIR)/.cache/bin CGO_ENABLED=0 go install mvdan.cc/gofumpt@$(GOFUMPT_VERSION)
	@mv .cache/bin/gofumpt $@
