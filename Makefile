# Tandem's daily commands. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.DELETE_ON_ERROR:

FRONTEND := desktop/frontend
STAMPS := .tools/stamps
SCREENS := $(FRONTEND)/dist/index.html
GO_FILES := $(shell find . \( -name node_modules -o -name .git -o -name .tools \) -prune -o \( -name '*.go' -o -name '*.sql' -o -name '*.csv' -o -name '*.xlsx' \) -print)
SCREEN_FILES := $(shell find $(FRONTEND)/src $(FRONTEND)/public -type f -not -path '*/gql/*' 2>/dev/null) $(wildcard $(FRONTEND)/*.ts $(FRONTEND)/*.html)
CONTRACT := schema.graphqls gqlgen.yml $(wildcard graph/schema/*.graphqls)
DESKTOP_TAGS := desktop,production,webkit2_41

.PHONY: help run test check race generate bench desktop e2e window clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what is missing, build, and open the sample programme: a window with a display, an address without
	@scripts/run

test: ## install what is missing and run every test: Go on SQLite and PostgreSQL, the screens in Chromium, the window under Xvfb
	@scripts/test

check: ## read the code: gofmt, vet, golangci-lint, types and lint of the screens, generated files up to date
	@scripts/check

race: $(STAMPS)/build ## run the graph, the app and the server under Go's race detector
	go test -race ./graph ./internal/app ./internal/web

generate: $(STAMPS)/npm ## make the machine-written files again from the contract
	@echo "Generating Go from the contract…"
	go tool gqlgen generate
	@echo "Generating TypeScript from the contract…"
	npm --prefix $(FRONTEND) run --silent generate

bench: $(SCREENS) ## measure: the planner and its bars, other solvers, operations, import, the window; prints the tables
	@scripts/bench

desktop: tandem-desktop ## build the window (Linux: GTK 3 and WebKitGTK 4.1)

e2e: tandem $(STAMPS)/chromium ## drive the screens in Chromium against a served sample
	@scripts/e2e

window: .tools/tandem-desktop-e2e $(STAMPS)/xvfb $(STAMPS)/sound ## drive the real window under a virtual display
	@scripts/window -v

clean: ## remove what was built
	rm -rf tandem tandem-desktop .tools test-results $(FRONTEND)/dist/assets $(FRONTEND)/dist/index.html

# What follows makes one file each, and only when what it is made of changed.

tandem: $(GO_FILES) go.mod go.sum $(SCREENS) $(STAMPS)/build
	@echo "Building tandem (the first time compiles SQLite: some minutes)…"
	go build -o $@ .

tandem-desktop: $(GO_FILES) go.mod go.sum $(SCREENS) $(STAMPS)/window
	@echo "Building the window…"
	go build -tags $(DESKTOP_TAGS) -o $@ ./desktop

# The same window, which lets itself be driven.
.tools/tandem-desktop-e2e: $(GO_FILES) go.mod go.sum $(SCREENS) $(STAMPS)/window
	@echo "Building the window for its test…"
	go build -tags $(DESKTOP_TAGS),e2e -o $@ ./desktop

$(SCREENS): $(STAMPS)/npm $(SCREEN_FILES) $(CONTRACT)
	@echo "Building the screens…"
	@rm -rf $(FRONTEND)/dist/assets
	npm --prefix $(FRONTEND) run --silent build
	@touch $@

$(STAMPS)/npm: $(FRONTEND)/package-lock.json
	@echo "Installing the screens' libraries (some minutes the first time)…"
	npm --prefix $(FRONTEND) ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $@

# Debian packages, by what needs them.
$(STAMPS)/build:
	@scripts/need build-essential pkg-config
	@mkdir -p $(@D) && touch $@

$(STAMPS)/window: $(STAMPS)/build
	@scripts/need libgtk-3-dev libwebkit2gtk-4.1-dev
	@mkdir -p $(@D) && touch $@

$(STAMPS)/chromium:
	@scripts/need chromium fonts-dejavu-core
	@mkdir -p $(@D) && touch $@

$(STAMPS)/xvfb: $(STAMPS)/window
	@scripts/need xvfb xauth openbox dbus imagemagick xdotool webkit2gtk-driver fonts-dejavu-core
	@mkdir -p $(@D) && touch $@

# A microphone that hears what a test plays, and a voice to play.
$(STAMPS)/sound:
	@scripts/need pulseaudio pulseaudio-utils flite
	@mkdir -p $(@D) && touch $@

# Other people's solvers, for comparison in the bench alone.
$(STAMPS)/peers: scripts/bench.d/highs/package-lock.json
	@scripts/need coinor-cbc glpk-utils
	@npm --prefix scripts/bench.d/highs ci --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $@

$(STAMPS)/postgres:
	@scripts/need postgresql
	@mkdir -p $(@D) && touch $@

$(STAMPS)/press:
	@scripts/need poppler-utils qpdf glpk-utils
	@mkdir -p $(@D) && touch $@

$(STAMPS)/speech:
	@scripts/need praat ffmpeg flite espeak-ng pocketsphinx pocketsphinx-en-us pocketsphinx-testdata codec2-examples
	@mkdir -p $(@D) && touch $@
