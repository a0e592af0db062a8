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

VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
# Static, and the same bytes from the same commit wherever it is built.
GO_BUILD = CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags webdist -ldflags '-s -w -X main.version=$(VERSION)'

# Tests whose work is bulk (whole corpora, many thousand messages) are named so.
# The race detector would turn their minutes into hours: they run without it.
BULK := ^Test(Bulk|Corpus)
# $(call packages,PATTERN): those with a test function so named.
packages = $$(grep -rlE --include='*_test.go' '^func $(1)' cmd internal | xargs -r -n 1 dirname | sort -u | sed 's|^|./|')
COUNT := node scripts/count-tests.mjs
SIZE ?= 100000 # conversations that make bench seeds
DEMO_PAGE := $(addprefix ../,$(wildcard internal/demo/page/*.js internal/demo/page/*.css))
GO_FILES = $$(git ls-files -co --exclude-standard '*.go')
WEB_SOURCES = $(shell git ls-files -co --exclude-standard web | grep -vE '\.go$$|\.test\.|^web/(e2e|tools|src/test|placeholder)/')

.PHONY: help
help:
	@echo 'make TARGET, where TARGET is one of'
	@awk -F ' ?#' '/^[a-z0-9-]+:.* ## / { sub(/:.*/, "", $$1); printf "  %-14s %s\n", $$1, $$3 }' Makefile

# ---- build and run -----------------------------------------------------------

.PHONY: run
run: build ## build all and start the demo: sample data and a simulated customer
	@scripts/run-demo

.PHONY: build
build: web/packed/index.html.gz ## build bin/parley, one static binary with the web app inside
	$(GO_BUILD) -o bin/parley ./cmd/parley

.PHONY: dev
dev: web/node_modules/.installed ## server on ./data and web app, both reloading when a source changes
	@scripts/dev

.PHONY: mail
mail: ## send FILE=x.eml [TO=address] to the listener at SMTP=127.0.0.1:2525
	@go run ./cmd/mail -smtp '$(or $(SMTP),127.0.0.1:2525)' -to '$(TO)' '$(or $(FILE),$(error which mail? make mail FILE=x.eml))'

.PHONY: release
release: web/packed/index.html.gz ## build bin/release, the binaries to publish with their checksums
	@rm -rf bin/release
	@for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64; do \
		echo "$$target"; \
		GOOS=$${target%/*} GOARCH=$${target#*/} $(GO_BUILD) -o bin/release/parley-$(VERSION)-$${target/\//-} ./cmd/parley; \
	done
	@cd bin/release && sha256sum parley-* >SHA256SUMS && cat SHA256SUMS

# Vite empties dist before it writes, so index.html is as new as the build.
web/dist/index.html: web/node_modules/.installed $(WEB_SOURCES)
	@echo 'building the web app'
	@cd web && node_modules/.bin/vite build --logLevel warn

web/packed/index.html.gz: web/dist/index.html web/tools/pack.mjs
	@node web/tools/pack.mjs

web/node_modules/.installed: web/package.json web/package-lock.json
	cd web && npm ci --loglevel=error
	@touch $@

# ---- generated files ---------------------------------------------------------

GENERATED = docs/openapi.json web/src/api/schema.d.ts

.PHONY: generate
generate: web/tools/codegen/node_modules/.installed ## the OpenAPI document and the browser's types, from the API's code
	@go run ./cmd/parley openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json
	@npm --prefix web/tools/codegen run --silent generate

.PHONY: generate-check
generate-check: ## fails where make generate would change a file
	@before=$$(sha256sum $(GENERATED)); $(MAKE) --no-print-directory generate >/dev/null; \
	if [[ $$before != $$(sha256sum $(GENERATED)) ]]; then echo "make generate changed $(GENERATED): commit what it made"; exit 1; fi

web/tools/codegen/node_modules/.installed: web/tools/codegen/package.json web/tools/codegen/package-lock.json
	cd web/tools/codegen && npm ci
	@touch $@

# ---- check -------------------------------------------------------------------

.PHONY: check
check: lint ## what to run before every commit: format, lint, types, unit tests on SQLite
	@$(COUNT) go sqlite -short ./...
	@$(MAKE) test-web test-scripts

.PHONY: test
test: ## everything a change must pass: both databases, web, browser; installs what it lacks
	@scripts/install-deps
	@rm -rf .cache/tally
	@status=0; export TALLY_DIR=$(CURDIR)/.cache/tally; \
	$(MAKE) --keep-going lint generate-check test-scripts test-web budget journeys e2e test-go || status=1; \
	$(COUNT) total || status=1; \
	exit $$status

.PHONY: lint
lint: lint-go lint-web ## format, lint and types, without changing a file

.PHONY: lint-go
lint-go: $(GOFUMPT) $(GOLANGCI)
	@unformatted=$$($(GOFUMPT) -l $(GO_FILES)); \
	if [[ -n $$unformatted ]]; then echo "make fmt would change: $$unformatted"; exit 1; fi
	$(GOLANGCI) run ./...

.PHONY: lint-web
lint-web: web/node_modules/.installed
	cd web && node_modules/.bin/biome ci --error-on-warnings .
	cd web && node_modules/.bin/biome format ../scripts
	cd web && node_modules/.bin/biome ci --error-on-warnings $(DEMO_PAGE)
	cd web && node_modules/.bin/tsc --noEmit
	cd web && node_modules/.bin/tsc -p ../internal/demo/jsconfig.json

.PHONY: fmt
fmt: $(GOFUMPT) web/node_modules/.installed ## format all sources
	@$(GOFUMPT) -l -w $(GO_FILES)
	@cd web && node_modules/.bin/biome check --write . && node_modules/.bin/biome format --write ../scripts && node_modules/.bin/biome check --write $(DEMO_PAGE)

# ---- tests -------------------------------------------------------------------

.PHONY: test-go
test-go: ## every Go test, on SQLite and PostgreSQL, with the race detector
	@scripts/with-servers $(MAKE) --keep-going go-sqlite go-bulk go-postgres

.PHONY: test-pg
test-pg: ## the Go tests that use the database, on PostgreSQL
	@scripts/with-servers $(MAKE) go-postgres

.PHONY: test-web
test-web: web/node_modules/.installed ## the web app's unit tests
	@cd web && node ../scripts/count-tests.mjs vitest web node_modules/.bin/vitest run

.PHONY: e2e
e2e: e2e-sqlite e2e-pg ## journeys in a real browser with real mail both ways, on both databases

# A file has its own server and browser; two at a time are what two cores can take.
E2E := --test-concurrency=2 web/e2e/journeys
.PHONY: e2e-sqlite
e2e-sqlite: build ## those on SQLite alone; ONE=mail runs the journeys of one file
	@rm -rf web/e2e/artifacts/sqlite
	@env -u PARLEY_TEST_DATABASE_URL $(COUNT) node e2e-sqlite $(E2E)/$(or $(ONE),*).test.mjs

# What the database could change: how mail is filed and sent, and who sees what of it.
.PHONY: e2e-pg
e2e-pg: build
	@rm -rf web/e2e/artifacts/postgres
	@scripts/with-servers $(COUNT) node e2e-postgres $(E2E)/{mail,number,team,text}.test.mjs

.PHONY: test-scripts
test-scripts:
	@$(COUNT) node scripts scripts/*.test.mjs

.PHONY: journeys
journeys: build ## testdata/script and its like on the built binary, from outside
	@PARLEY_TEST_BINARY=$(CURDIR)/bin/parley $(COUNT) go journeys -count=1 ./cmd/parley

.PHONY: corpora
corpora: build ## the tests over the peer corpora, with what they measured; writes docs/corpora.md
	@node scripts/corpora.mjs $(call packages,TestCorpus)

.PHONY: golden
golden: ## write the golden files of our own mails and texts anew; then read the difference
	@go test ./internal/mime ./internal/sms -run '^TestGolden$$' -update
	@git diff --stat -- testdata/mail internal/sms/testdata

.PHONY: long
long: endure fuzz ## kills, faults and fuzz, for an hour and more

.PHONY: endure
endure: build ## 200 kills on each database, outages, a full disk; RUN=TestKill SEED=n repeats one
	@$(ENDURE)
	@scripts/with-servers $(ENDURE)
ENDURE = env PARLEY_TEST_BINARY=$(CURDIR)/bin/parley go test -count=1 -v -timeout 2h -parallel 1 ./internal/endure \
	-run '$(or $(RUN),.)' -long -seed '$(or $(SEED),0)'

.PHONY: fuzz
fuzz: ## fuzz every parser of foreign bytes, each for FUZZTIME=2m
	@for package in $(call packages,Fuzz); do \
		for target in $$(grep -rhoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' $$package | cut -c 6-); do \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime '$(or $(FUZZTIME),2m)' -parallel 1 $$package; \
		done; \
	done

.PHONY: bench
bench: build ## measure bin/parley at SIZE=100000 conversations, ten messages each, on both databases; writes docs/performance.md
	@go build -o .cache/bin/bench ./cmd/bench
	@.cache/bin/bench -size $(SIZE) -page docs/performance.md
	@PARLEY_DURABLE=1 scripts/with-servers bash -c '.cache/bin/bench -size $(SIZE) -page docs/performance.md -postgres "$$PARLEY_TEST_DATABASE_URL"'

.PHONY: budget
budget: build ## what the browser loads, and the binary: at most 40 MiB
	@node web/tools/budget.mjs
	@size=$$(stat -c %s bin/parley); printf 'bin/parley has %d kB of %d\n' $$((size / 1024)) $$((MAX_BINARY / 1024)); [[ $$size -le $$MAX_BINARY ]]
budget: export MAX_BINARY := 41943040

# These belong inside scripts/with-servers.
.PHONY: go-sqlite go-bulk go-postgres
go-sqlite:
	@env -u PARLEY_TEST_DATABASE_URL $(COUNT) go sqlite -race -timeout 15m -skip '$(BULK)' ./...

go-bulk:
	@env -u PARLEY_TEST_DATABASE_URL $(COUNT) go bulk -timeout 15m -run '$(BULK)' $(call packages,$(BULK:^%=%))

# A test uses the database if its program links the package that opens one.
go-postgres:
	@$(COUNT) go postgres -race -timeout 15m -skip '$(BULK)' $$(go list -test -f '{{.ImportPath}} {{join .Deps " "}}' ./... | \
		awk '$$1 ~ /\.test$$/ && / parley\/internal\/store\/storetest( |$$)/ { sub(/\.test$$/, "", $$1); print $$1 }')

# ---- tools -------------------------------------------------------------------

.PHONY: setup
setup: $(GOFUMPT) $(GOLANGCI) web/node_modules/.installed ## install all that the other targets need
	@scripts/install-deps

.PHONY: clean
clean: ## remove what was built and fetched; keeps ./data
	rm -rf bin .cache web/dist web/packed web/node_modules web/tools/codegen/node_modules

# The version is part of the name, so that a new pin is a new file.
$(GOLANGCI):
	GOBIN=$(CURDIR)/.cache/bin CGO_ENABLED=0 go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv .cache/bin/golangci-lint $@

$(GOFUMPT):
	GOBIN=$(CURDIR)/.cache/bin CGO_ENABLED=0 go install mvdan.cc/gofumpt@$(GOFUMPT_VERSION)
	@mv .cache/bin/gofumpt $@
