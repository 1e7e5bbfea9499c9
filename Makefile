# Two commands matter: `make run` and `make test`. Each installs what is missing first.
SHELL := /bin/sh
PY := .venv/bin/python
# Two more than there are cores: a visit waits for paper and people longer than it works.
WORKERS ?= $(shell expr $$(nproc) + 2)
QML := kiosk/screens
STATE ?= var
export QT_LOGGING_RULES ?=
# Some surroundings forbid it; then each of the hundreds of processes of the tests would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
# Model files are data that a station installs; without them the built-in detector is used, and says so.
export KIOSK_MODELS ?= $(abspath $(firstword $(wildcard models ../shared/models)))

.PHONY: run test setup lint types rooms qml collected tests proof bench gallery

run: setup
	$(PY) -m kiosk run --state $(STATE)

test: setup
	@$(MAKE) --no-print-directory -j2 -Otarget types lint rooms qml collected
	@$(MAKE) --no-print-directory tests

setup:
	@sh scripts/setup.sh

lint:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types:
	.venv/bin/pyright --pythonpath .venv/bin/python

rooms:
	.venv/bin/lint-imports

qml:
	sh scripts/qmllint.sh

# Once, beside the types: else each worker would compile all modules and rewrite all assertions for itself.
collected:
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q --collect-only tests > .venv/collected.txt || { tail -40 .venv/collected.txt; exit 1; }

tests:
	QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software $(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder tests

proof: setup
	$(PY) -m kiosk proof --out docs/proof

bench: setup
	$(PY) -m kiosk bench --out bench.json

gallery: setup
	$(PY) -m kiosk gallery --out $(STATE)/gallery
