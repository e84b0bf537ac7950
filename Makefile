# Landbridge: everything a developer or a user calls. Root is needed for namespaces and packets; Debian 12 or newer.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# What a fresh Debian host lacks, 12 or 13. Run time: charon, its plugins, network tools. Build and test: the rest.
RUNTIME_PACKAGES := strongswan-charon strongswan-swanctl libstrongswan-standard-plugins libstrongswan-extra-plugins \
  libcharon-extra-plugins libseccomp2 libnftables1 iproute2 nftables util-linux procps tcpdump iputils-ping
BUILD_PACKAGES := make g++ cmake pkg-config libssl-dev libseccomp-dev libnftables-dev nlohmann-json3-dev
# AES-GCM at full speed, with the library; there is none for other processors.
ifeq ($(shell uname -m),x86_64)
BUILD_PACKAGES += libipsec-mb-dev
endif
TEST_PACKAGES := libgtest-dev clang libclang-rt-dev fping iperf3 keepalived
# What the console is tested in.
BROWSER_PACKAGES := chromium-headless-shell
BENCH_PACKAGES := iperf
# Another kernel in a virtual machine, where this one has no ESP. kmod: that kernel calls modprobe.
KERNEL_TEST_PACKAGES := qemu-system-x86 busybox-static cpio kmod

# The other release of Debian.
DEBIAN13_TEST_PACKAGES := debootstrap

PACKAGE_PACKAGES := debhelper dpkg-dev lintian
PREFIX ?= /usr/local

.PHONY: help setup packages uxfrm console program demo test test-kernel test-debian13 package test-package test-machine install bench check

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: packages node_modules/.package-lock.json uxfrm console program ## Install what is missing, build uxfrm, console and program; quick when there is nothing to do

packages:
	@scripts/install-packages $(RUNTIME_PACKAGES) $(BUILD_PACKAGES) $(TEST_PACKAGES) $(BROWSER_PACKAGES)
	@lab/unpack-packages charon-systemd > /dev/null
	@lab/unpack-packages --alone prometheus > /dev/null

node_modules/.package-lock.json: package-lock.json package.json $(wildcard packages/*/package.json) lab/package.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

uxfrm: packages
	@$(MAKE) --no-print-directory -C packages/uxfrm

console: packages/console/dist/index.html

# What it is bundled of: its sources, the words of the catalogue, and the libraries.
packages/console/dist/index.html: $(shell find packages/console/src packages/catalogue/src -type f) $(wildcard scripts/console/*.ts) \
  node_modules/.package-lock.json
	@npm run --silent console
	@touch $@

program: packages/cli/dist/landbridge.js

packages/cli/dist/landbridge.js: $(shell find $(addprefix packages/,catalogue cli client net peer-config server vici) -path '*/src/*' \
  -name '*.ts' ! -name '*.test.ts') $(wildcard scripts/program/*.ts) node_modules/.package-lock.json
	@npm run --silent program

demo: setup ## Run every scenario with real packets and show who reaches whom (STAY=1: a living network and its console, until Ctrl-C)
	@scripts/demo

test: setup ## All tests: C++, unit, and the lab with real charons and packets
	@scripts/run-tests

test-kernel: setup ## The data plane `kernel` on Debian's kernel, in virtual machines if need be, then test-machine (KERNEL_TESTS='limits intruder': those alone)
	@scripts/install-packages $(KERNEL_TEST_PACKAGES)
	@vmlab/run-tests $(KERNEL_TESTS)
	@[ -n "$(KERNEL_TESTS)" ] || $(MAKE) --no-print-directory test-machine

test-debian13: setup ## uxfrm, charon and the lab on Debian 13 with strongSwan 6.0, and both releases at one tunnel (DEBIAN13_TESTS='failover ccn': those)
	@scripts/install-packages $(DEBIAN13_TEST_PACKAGES) $(KERNEL_TEST_PACKAGES)
	@debian13/run-tests $(RUNTIME_PACKAGES) $(BUILD_PACKAGES) $(TEST_PACKAGES)

package: setup ## The Debian package, in dist/
	@scripts/install-packages $(PACKAGE_PACKAGES)
	@scripts/make-package

test-package: package ## Install the package in a Debian 12 and a Debian 13, carry packets, upgrade, purge (PACKAGE_TESTS=trixie: there)
	@scripts/install-packages $(DEBIAN13_TEST_PACKAGES)
	@package-test/run-tests dist/landbridge_*.deb

test-machine: package ## The package on a Debian 12 under systemd, in a virtual machine: tunnel, reboot, upgrade, backup, purge, restore (MACHINE_TESTS='install tunnel': those)
	@scripts/install-packages $(DEBIAN13_TEST_PACKAGES) $(KERNEL_TEST_PACKAGES)
	@machine-test/run-tests dist/landbridge_*.deb

install: uxfrm console program node_modules/.package-lock.json ## What runs of this tree, into PREFIX (/usr/local) below DESTDIR
	@scripts/install-files "$(DESTDIR)" "$(PREFIX)"

bench: setup ## Measure throughput, tunnels, the kernel's ESP, failover, routes, scale and the API (75 minutes; BENCH_REPETITIONS=3: 30); writes bench/results.json
	@scripts/install-packages $(BENCH_PACKAGES) $(KERNEL_TEST_PACKAGES)
	@npm run --silent bench

check: node_modules/.package-lock.json console ## Types, lint, format, import directions, and that what comments and pages cite is there
	npm run --silent types
	npm run --silent lint
	npm run --silent format:check
	npm run --silent directions
	npm run --silent citations
	npm run --silent reference -- --check
