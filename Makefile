# Few words. What CI runs is in .ci/run.
.PHONY: build test lint bench fuzz faults release evaluate

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o arasha ./cmd/arasha

test:
	go test ./...

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

bench:
	go test -run XXX -bench . ./coordination/... ./collect ./post ./appeal ./evidence/... ./internal/address ./cmd/arasha

# The whole of the drill of which "go test" runs a small part.
faults:
	ARASHA_KILLS=500 go test -count 1 -timeout 60m -run 'Kill$$|KillBackup|KillTheStory|KillTheKeys|Fault|EveryBit|Disk|WritesFail' -v ./evidence/... ./store/... ./cmd/arasha
	ARASHA_KILLS=200 go test -count 1 -timeout 60m -run KillTheDemo -v ./cmd/arasha

# Each reader of foreign bytes for a minute: make fuzz PKG=./collect
PKG ?= ./coordination/internal/fold
fuzz:
	@for f in $$(go test -list '^Fuzz' $(PKG) | grep ^Fuzz); do go test -run XXX -fuzz "^$$f$$" -fuzztime 60s $(PKG) || exit 1; done

# How far the analysis can be trusted: what is missing of the protocol, for
# so long. Results and tables go to docs/evaluation.
FOR ?= 30m
evaluate:
	go run ./cmd/evaluate -for $(FOR) -commit $$(git rev-parse --short HEAD)

# The programs of a release with their lists of modules and checksums, in dist/:
# make release VERSION=1.2.3. The same bytes whoever builds them and wherever.
VERSION ?=
release:
	go run ./cmd/release -o dist -version "$(VERSION)"
