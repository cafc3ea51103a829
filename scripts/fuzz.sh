#!/usr/bin/env bash
# fuzz.sh SECONDS|build [TARGET...]: builds each libFuzzer target of Fuzz/, and runs it for so long, under
# AddressSanitizer, from the fixtures of the tests. What a run learns stays in .build-fuzz/corpus; an input that fails is left in
# .build-fuzz/found, and the script ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?usage: fuzz.sh SECONDS|build [TARGET...]}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(yaml verdict json fix settings answers logs bundle)

# A short run is over before an optimised build of all floors would be.
mode=(-c release)
[ "$seconds" != build ] && [ "$seconds" -ge 60 ] || mode=(-c debug -debug-info-format none)

export GATECHECK_FUZZ=1
for target in "${targets[@]}"; do
  # --sanitize=address beside fuzzer would build without coverage feedback: both have to go in one flag.
  swift build "${mode[@]}" --product "fuzz-$target" --sanitize=fuzzer --scratch-path .build-fuzz \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
done
[ "$seconds" != build ] || exit 0

mkdir -p .build-fuzz/found
status=0
for target in "${targets[@]}"; do
  corpus=.build-fuzz/corpus/$target
  mkdir -p "$corpus"
  python3 scripts/fuzz-seeds.py "$target" "$corpus"
  echo "== $target, $seconds s"
  # detect_leaks=0: ptrace, which the leak check needs, is often forbidden; the tests look for leaks.
  ASAN_OPTIONS=detect_leaks=0 ".build-fuzz/${mode[1]}/fuzz-$target" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 -verbosity=0 -artifact_prefix=".build-fuzz/found/$target-" \
    "$corpus" || status=1
done
exit "$status"
