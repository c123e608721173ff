# PitWall's commands. `make run` and `make test` set up what they need; they want Python 3.11 or newer, make and git.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
# Packages come without bytecode: what is used keeps its own from the first start on, wherever the machine says otherwise.
unexport PYTHONDONTWRITEBYTECODE
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help
.PHONY: help run test check bench lock clean

SCALE ?= demo
PORT ?= 8050
PY := .venv/bin/python
UV := uv==0.13.9
DATA = var/$(SCALE)
# A demo network made for other tables cannot be read: its stamp tells which tables it was made for.
FITS = $(DATA)/tables-$(shell cat data_access/schema*.py data_access/foretold.py data_access/status_table.py | cksum | tr ' ' -)
# A stamp's name changes with the pinned versions, so a change of them installs again.
READY_TO_RUN := .venv/run-$(shell cksum < requirements.txt | tr ' ' -)
READY_TO_CHECK := .venv/check-$(shell cksum < requirements-dev.txt | tr ' ' -)

ifeq ($(filter $(SCALE),tiny demo full),)
$(error SCALE is tiny, demo or full, not "$(SCALE)")
endif

help: ## what can be made
	sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

run: $(READY_TO_RUN) ## serve a demo network on this machine: SCALE=tiny|demo|full (demo), PORT (8050)
	if (exec 3<> /dev/tcp/127.0.0.1/$(PORT)) 2> /dev/null; then
	  echo "Port $(PORT) is taken by another program. Stop that one, or choose a port: make run PORT=8051" >&2
	  exit 1
	fi
	if [ ! -e $(DATA)/warehouse/CURRENT ] || [ ! -e $(FITS) ]; then
	  rm -rf $(DATA)/warehouse
	  $(SEED)
	fi
	feed= web= night=
	stop() {
	  trap - EXIT
	  kill $$feed $$web $$night 2> /dev/null || true
	  wait
	  echo "PitWall: stopped"
	}
	trap stop EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	export PITWALL_WAREHOUSE_URL="duckdb:///$(CURDIR)/$(DATA)/warehouse" PITWALL_STATE_URL="sqlite:///$(CURDIR)/$(DATA)/state.db"
	export PITWALL_LOG_LEVEL="$${PITWALL_LOG_LEVEL:-WARNING}"
	$(PY) -m gunicorn 'app:create_app()' --bind 127.0.0.1:$(PORT) --log-level warning & web=$$!
	ready() {
	  exec 3<> /dev/tcp/127.0.0.1/$(PORT) || return 1
	  printf 'GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
	  read -r _ status _ <&3
	  exec 3>&-
	  [ "$$status" = 200 ]
	} 2> /dev/null
	waited=0
	until ready; do
	  if ! kill -0 $$web 2> /dev/null || [ $$((++waited)) -gt 1200 ]; then
	    echo "PitWall did not become ready; the lines above say why." >&2
	    exit 1
	  fi
	  sleep 0.1
	done
	echo "PitWall: open http://127.0.0.1:$(PORT) (Ctrl-C stops it)"
	# A demo network has days enough for a week. A new one is published under the running server.
	over='import sys; from seed import feed; sys.exit(not feed.needs_reseed(feed.Path(sys.argv[1]), feed._clock()))'
	if $(PY) -c "$$over" $(DATA); then
	  $(SEED)
	fi
	$(PY) -m seed.feed $(DATA) --every 60 & feed=$$!
	# What will happen is foretold while the boards are up already; it takes a few minutes.
	nice $(PY) -m flask --app app predict --if-needed --quiet & night=$$!
	wait -n $$feed $$web || true
	if kill -0 $$web 2> /dev/null; then
	  echo "PitWall: the feed of new events has stopped; the boards go on and show the age of their data" >&2
	  wait $$web || true
	fi
	echo "PitWall: the server has stopped by itself; the lines above say why" >&2
	exit 1

test: check ## everything that must hold: check, then unit, contract, architecture and browser tests
	$(PY) -m tests.browser.chromium > /dev/null
	$(PY) -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(READY_TO_CHECK) ## style, types, who may import whom, known vulnerabilities
	# Mostly waiting for others: it goes on beside the rest.
	told=$$(mktemp)
	$(PY) -m tests.audit requirements.txt > $$told 2>&1 & audit=$$!
	trap 'kill $$audit 2> /dev/null || true; rm -f $$told' EXIT
	echo "PitWall: style"
	$(PY) -m ruff check --quiet .
	$(PY) -m ruff format --quiet --check --diff .
	echo "PitWall: types"
	$(PY) -m mypy
	echo "PitWall: who may import whom"
	broken=$$($(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo) \
	  || { echo "$$broken"; exit 1; }
	echo "PitWall: known vulnerabilities"
	wait $$audit || { cat $$told >&2; exit 1; }
	cat $$told

bench: SCALE = full
bench: $(READY_TO_CHECK) ## measure speed, at SCALE=full unless said otherwise, and whether the verdicts are fair
	if [ ! -e $(DATA)/warehouse/CURRENT ]; then
	  $(SEED)
	fi
	$(PY) -m tests.load.bench $(DATA)
	echo
	$(PY) -m tests.load.fairness_bench

lock: $(READY_TO_CHECK) ## pin what requirements*.in ask for; UPGRADE=--upgrade takes the newest
	compile="$(PY) -m piptools compile --quiet --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links"
	$$compile --no-emit-trusted-host $(UPGRADE) -o requirements.txt requirements.in
	$$compile --no-emit-trusted-host $(UPGRADE) -c requirements.txt -o requirements-dev.txt requirements-dev.in

clean: ## remove what make made: .venv, caches, the demo networks in var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/tiny var/demo var/full
	find . -name __pycache__ -prune -exec rm -rf {} +

define SEED
echo "PitWall: making the $(SCALE) network in $(DATA)"
$(PY) -m seed --scale $(SCALE) --out $(DATA)
rm -f $(DATA)/tables-*
touch $(FITS)
endef

$(READY_TO_RUN):
	$(call INSTALL,requirements.txt,what PitWall runs on)
	rm -f .venv/run-*
	touch $@

$(READY_TO_CHECK):
	$(call INSTALL,requirements-dev.txt,what PitWall runs on and is checked with)
	rm -f .venv/run-* .venv/check-*
	touch $(READY_TO_RUN) $@

# $(1) the requirements, $(2) what they are
define INSTALL
if ! $(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then
  $(FIND_PYTHON)
  echo "PitWall: making .venv with $$($$python --version)"
  $$python -m venv --clear .venv
fi
echo "PitWall: installing $(2), once (mostly less than a minute)"
# uv installs many times faster than pip. It does not read pip's settings: it is told pip's mirror, and where it cannot
# find the way (proxies, certificates, further indexes), pip goes. Neither compiles: compiling all takes longer than
# compiling the part that is used, when it is used.
pip="$(PY) -m pip install --disable-pip-version-check --no-input --no-compile -qq"
mirror=$$($(PY) -m pip config list 2> /dev/null | sed -nE "s/^.*\.index-url='(.*)'$$/\1/p" | sed q || true)
[ -z "$$mirror" ] || export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$mirror}"
if ! { $$pip $(UV) && $(PY) -m uv pip install --quiet --python $(PY) -r $(1); } 2> /dev/null && ! $$pip -r $(1); then
  echo "PitWall: the packages could not be installed; pip says why above. Often it is the network or a proxy, or a" >&2
  echo "Python too new for one of them: 3.11 and 3.12 have all. Then: rm -r .venv; make run PYTHON=python3.12" >&2
  exit 1
fi
endef

define FIND_PYTHON
python=
for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do
  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then
    python=$$candidate
    if $$python -c 'import ensurepip, venv' > /dev/null 2>&1; then break; fi
  fi
done
if [ -z "$$python" ]; then
  echo "PitWall needs Python 3.11 or newer, and none is on the PATH. Install one, or name it: make run PYTHON=..." >&2
  exit 1
fi
if ! $$python -c 'import ensurepip, venv' > /dev/null 2>&1; then
  version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  echo "$$python lacks its venv module. Debian, Ubuntu: apt-get install python$$version-venv; then run make again." >&2
  exit 1
fi
endef
