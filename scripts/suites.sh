# Sourced by what runs several test suites: `run_suite TITLE COMMAND…` runs one and adds up its last line `N passed, N failed`;
# `tell_sum` names what failed, prints the sum in the same form, as the last line, and fails when anything failed.
# shellcheck shell=bash
passed=0 failed=0 skipped=0 failures=()
output=$(mktemp)
trap 'rm -f "$output"' EXIT

run_suite() {
  local title=$1 status tally line p f s
  shift
  echo "== $title"
  "$@" 2>&1 | tee "$output"
  status=${PIPESTATUS[0]}
  tally=$(grep -aE '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$output" | tail -n 1)
  read -r p f s <<< "$(tr -cd '0-9 ' <<< "${tally:-0 0}" | xargs)"
  # A suite that fails without counting a failure (it crashed), or that counts nothing, is one failure.
  if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ -z "$tally" ]; }; then f=1; fi
  while IFS= read -r line; do failures+=("$title: ${line:0:500}"); done < <(failure_lines "$output")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
}

# What vitest (lab/src/failure-reporter.ts) and googletest say of each failed test.
failure_lines() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -aE '^failed( beside others, passed by itself)?: |^\[  FAILED  \] [^ ]+ \('
}

tell_sum() {
  local suffix=''
  [ "$skipped" -gt 0 ] && suffix=", $skipped skipped"
  if [ "${#failures[@]}" -gt 0 ]; then printf '\n%s' "${failures[@]}"; echo; fi
  echo
  echo "$passed passed, $failed failed$suffix"
  [ "$failed" -eq 0 ]
}
