# shellcheck shell=bash
# What demo/run and demo/shop/run stand on: the server, and the programs beside it. Sourced from the
# root of the project; ends all programs when the script ends.
build=${CLEW_BUILD:-build/release}
data=${CLEW_DEMO_DATA:-clew-data}
logs=$data/logs
free=${CLEW_DEMO_PORTS:-}
mkdir -p "$logs" 2>/dev/null || { echo "demo: cannot write to $data; set CLEW_DEMO_DATA to a folder that can be written" >&2; exit 1; }

pids=()
stop() {
  trap - INT TERM EXIT
  # The edge first, then the services, the server last: so the last spans arrive.
  local i
  for ((i = ${#pids[@]} - 1; i >= 0; --i)); do
    kill -TERM "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

# start NAME COMMAND...: in the background, its output in logs/NAME.log.
start() {
  local name=$1
  shift
  : >"$logs/$name.log"
  "$@" >>"$logs/$name.log" 2>&1 &
  pids+=($!)
}

# wait_for NAME PATTERN: until the log of the program started last has the pattern; prints the line.
wait_for() {
  local pid=${pids[-1]} line tries
  for ((tries = 0; tries < 600; ++tries)); do
    if line=$(grep -m1 -E "$2" "$logs/$1.log"); then
      echo "$line"
      return
    fi
    if ! kill -0 "$pid" 2>/dev/null; then
      echo "demo: $1 did not start: $(tail -n 1 "$logs/$1.log")" >&2
      exit 1
    fi
    sleep 0.05
  done
  echo "demo: $1 did not get ready within 30 s; its log is $logs/$1.log" >&2
  exit 1
}

port() { if [ "$free" = free ]; then echo 0; else echo "$1"; fi; }

# from_ports KEY: a port out of the server's ports file.
from_ports() { tr -d '\n' <"$data/ports.json" | sed "s/.*\"$1\": *\([0-9]*\).*/\1/"; }

# The server with its data in the folder, and where its ports are.
start_server() {
  local tries
  rm -f "$data/ports.json"
  start server "$build/apps/clew/clew" server --data "$data/store" --ports-file "$data/ports.json" \
    --port-api "$(port 3200)" --port-ui "$(port 3000)" --port-otlp-grpc "$(port 4317)" \
    --port-otlp-http "$(port 4318)" --port-jaeger-thrift "$(port 14268)" \
    --port-jaeger-grpc "$(port 14250)" --port-jaeger-sampling "$(port 5778)" \
    --port-jaeger-compact "$(port 6831)" --port-jaeger-binary "$(port 6832)" --port-zipkin "$(port 9411)"
  for ((tries = 0; tries < 600; ++tries)); do
    [ -s "$data/ports.json" ] && break
    kill -0 "${pids[-1]}" 2>/dev/null || { echo "demo: the server did not start: $(tail -n 1 "$logs/server.log")" >&2; exit 1; }
    sleep 0.05
  done
}

# Waits until any of the programs ends, and says where to look.
watch_all() {
  local pid
  while true; do
    for pid in "${pids[@]}"; do
      if ! kill -0 "$pid" 2>/dev/null; then
        echo "demo: one of its programs ended; the logs in $logs say why" >&2
        exit 1
      fi
    done
    sleep 1 &
    wait $!
  done
}
