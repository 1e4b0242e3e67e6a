# Everything starts here; what each target does is in scripts/, one script per concern.
# `make` alone lists the targets.

PORT ?= 8080
HOST ?= 127.0.0.1

.PHONY: help setup serve test dist single bench screenshots clean
help:
	@echo "make serve        build the page and serve it (PORT=8080 HOST=127.0.0.1)"
	@echo "make test         formatting, lints, tests natively and in a browser, the built page, docs"
	@echo "                  (some of it: make test STEPS=\"native wasm\"; scripts/test.sh --list names them)"
	@echo "make dist         the static site in dist/, its size and how long it loads"
	@echo "make single       the page as one file, target/alloyscope.html, that runs from a disk"
	@echo "make bench        benchmarks, native (BENCH=name for one of them)"
	@echo "make screenshots  pictures of the built page in target/screenshots"
	@echo "make setup        only install what the others need"
	@echo "make clean        remove what was built (installed tools stay)"

setup:
	@scripts/setup.sh page browser

serve:
	@scripts/setup.sh page
	@scripts/dist.sh
	@exec scripts/with-tools.sh node scripts/static-server.mjs dist --host $(HOST) --port $(PORT)

test:
	@scripts/test.sh $(STEPS)

dist:
	@scripts/setup.sh page
	@scripts/dist.sh
	@scripts/with-tools.sh node scripts/size-report.mjs dist
	@scripts/with-tools.sh node scripts/load-time.mjs dist

single:
	@scripts/setup.sh page
	@scripts/dist.sh
	@scripts/with-tools.sh node scripts/single.mjs dist target/alloyscope.html

bench:
	@scripts/setup.sh native
	cargo bench --locked $(if $(BENCH),--bench $(BENCH))

screenshots:
	@scripts/setup.sh page browser
	@scripts/dist.sh
	@scripts/with-tools.sh node tests/browser/screenshots.mjs target/screenshots

clean:
	cargo clean
	rm -rf dist tests/browser/node_modules
