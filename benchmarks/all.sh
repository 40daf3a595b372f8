#!/usr/bin/env bash
# Every benchmark at full size, one after the other; what each prints goes to a file of its own. For a quiet machine.
#
#     benchmarks/all.sh [FOLDER [NAME…]]       # e.g. benchmarks/all.sh /tmp/figures hubs service
#     SMALL=1 benchmarks/all.sh                # the same at small sizes, to see that everything runs
#
# A benchmark that fails does not keep the others from running; the last line says which did.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
KEPT=/tmp/kgraph-bench
FOLDER=${1:-$KEPT/figures-$(date -u +%Y%m%dT%H%M)}
shift || true
WANTED=" $* "
mkdir -p "$FOLDER"
FAILED=()

measure() { # name, script, arguments
  local name=$1
  shift
  [[ $WANTED == "  " || $WANTED == *" $name "* ]] || return 0
  echo "$(date -u +%H:%M:%S) $name: python benchmarks/$*"
  .venv/bin/python "$@" >"$FOLDER/$name.md" 2>"$FOLDER/$name.err" || FAILED+=("$name")
  [[ -s $FOLDER/$name.err ]] || rm "$FOLDER/$name.err"
}

if [[ -n ${SMALL:-} ]]; then
  measure single kernels.py single --nodes 20000 --edges 200000 --pairs 100
  measure several kernels.py several --nodes 5000 --edges 50000 --pairs 100 --seconds 5
  measure lenses lenses.py --nodes 20000 --edges 200000 --pairs 50 --seconds 5
  measure hubs hubs.py --nodes 5000 --edges 50000 --seconds 5
  measure memory memory.py --edges 50000 100000 --of 200000
  measure opening opening.py --edges 200000
  measure verbs verbs.py --edges 200000 --pairs 100 --seconds 5
  measure seen seen.py --claims 20000 --times 10
  measure service service.py --claims 20000 --seconds 4
  measure lookups lookups.py --subjects 2000 --seconds 2
  measure bulk bulk.py --rows 20000 --entities 2000 --folder "$KEPT/bulk"
else
  measure single kernels.py single --nodes 1000000 --edges 10000000 --seconds 150
  measure several kernels.py several --nodes 100000 --edges 1000000 --seconds 120
  measure lenses lenses.py --nodes 1000000 --edges 10000000 --seconds 60
  measure hubs hubs.py --nodes 1000000 --edges 10000000 --hub 76500 --seconds 40
  measure memory memory.py --edges 1000000 2000000 4000000 10000000
  measure opening opening.py --edges 10000000
  measure verbs verbs.py --edges 10000000
  measure seen seen.py --claims 1000000 --times 200
  measure service service.py --claims 1000000 --seconds 30
  measure lookups lookups.py --seconds 8
  measure bulk bulk.py --rows 1000000 --entities 100000 --folder "$KEPT/bulk"
fi

echo "$(date -u +%H:%M:%S) done: $FOLDER"
if ((${#FAILED[@]})); then
  echo "failed: ${FAILED[*]}"
  exit 1
fi
