#!/bin/bash
# run-all.sh BUILD FUZZ_SECONDS: unit tests, then every fuzz target from its kept corpus; the last line counts both.
set -u
build=$1 seconds=$2
here=$(cd "$(dirname "$0")/.." && pwd)
passed=0 failed=0
scratch=$(mktemp -d /tmp/uxfrm-test.XXXXXX)
trap 'rm -rf "$scratch"' EXIT

if ! "$build/test/unit-tests" --gtest_brief=1 --gtest_output="json:$scratch/unit.json" 2>"$scratch/unit.log"; then
    grep -v '^{' "$scratch/unit.log" >&2
fi
if [ -s "$scratch/unit.json" ]; then
    total=$(sed -n '0,/"tests":/s/.*"tests": \([0-9]*\).*/\1/p' "$scratch/unit.json")
    failed=$(sed -n '0,/"failures":/s/.*"failures": \([0-9]*\).*/\1/p' "$scratch/unit.json")
    passed=$((total - failed))
else
    failed=1    # the tests crashed
fi

# Leaves NAME.log, and NAME.passed or what it failed on.
fuzz() {
    local target=$1 name
    name=$(basename "$target")
    mkdir "$scratch/$name"
    "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=4096 -verbosity=0 -print_final_stats=0 \
        -artifact_prefix="$scratch/$name-" "$scratch/$name" "$here/fuzz/corpus/${name#fuzz-}" >"$scratch/$name.log" 2>&1 &&
        touch "$scratch/$name.passed"
}

targets=()
for target in "$build"/fuzz/fuzz-*; do
    [ -x "$target" ] && [ ! -d "$target" ] && targets+=("$target")
done
# Each has a processor for itself.
for ((started = 0; started < ${#targets[@]}; started++)); do
    [ "$started" -lt "$(nproc)" ] || wait -n
    fuzz "${targets[started]}" &
done
wait
for target in "${targets[@]}"; do
    name=$(basename "$target")
    if [ -e "$scratch/$name.passed" ]; then
        passed=$((passed + 1))
        continue
    fi
    failed=$((failed + 1))
    echo "$name failed:" >&2
    grep -v '^{' "$scratch/$name.log" | tail -40 >&2
    for input in "$scratch/$name-"*; do [ -f "$input" ] && { echo "input of $name:" >&2; base64 "$input" >&2; }; done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
