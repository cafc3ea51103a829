#!/usr/bin/env bash
# sanitize.sh address|thread [ARGUMENTS FOR swift test]: the tests that run in the test's own process, under a sanitizer.
# Those that start the program, AcceptanceTests, are left out: a sanitizer does not see into it.
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=${1:?usage: sanitize.sh address|thread [ARGUMENTS FOR swift test]}
shift
# Leaks are looked for where ptrace, which that needs, is allowed. What a test leaves open at its end is no leak.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:detect_stack_use_after_return=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=0:exitcode=66}
swift test --disable-xctest --sanitize="$sanitizer" --scratch-path ".build-$sanitizer" --skip AcceptanceTests "$@"
