#!/usr/bin/env bash
# What measuring costs: the same training with everything that is recorded (textfile every second,
# TensorBoard, MLPerf's lines) and with none of it, in turn; or against another jar.
# usage: src/bench/metrics-overhead.sh DATA_DIR [ROUNDS [OTHER_JAR]]
# environment: SETTINGS, more "--set KEY=VALUE" for every run; needs target/belay.jar and python3
# Prints images per second of the training steps (the median epoch of each run but the first) and
# whole seconds of all epochs with their evaluations, and processor seconds of the whole process
# (which tell something on a busy machine too), as ratios: 1.00 is free.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$1
rounds=${2:-5}
jar=target/belay.jar
other=${3:-$jar}
read -r -a settings <<<"${SETTINGS:---set train.network=small --set train.limit=5000 --set train.epochs=4}"
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

train() { # JAR NAME MORE...
    local jar=$1 name=$2
    mkdir "$runs/$name"
    shift 2
    local TIMEFORMAT='%U %S'
    { time java -jar "$jar" -q train --run "$runs/$name" --set "data.dir=$data" "${settings[@]}" "$@" \
        2>>"$runs/log"; } 2>"$runs/$name/cpu"
}

none=(--set metrics.textfile= --set metrics.interval-seconds=3600 --set metrics.profile=false)
all=(--set metrics.interval-seconds=1 --set metrics.tensorboard=true --set log.mlperf=true --set metrics.profile=false)
[[ $other == "$jar" ]] || none=()
for ((i = 0; i < rounds; i++)); do
    train "$jar" "with-$i" "${all[@]}"
    train "$other" "without-$i" "${none[@]}"
done
python3 - "$runs" "$rounds" <<'PYTHON'
import json, statistics, sys
runs, rounds = sys.argv[1], int(sys.argv[2])

def read(name):
    epochs = [json.loads(line) for line in open(f"{runs}/{name}/metrics.jsonl")]
    rate = statistics.median(epoch["imagesPerSecond"] for epoch in epochs[1:] or epochs)
    whole = sum(epoch["seconds"] + (epoch.get("evaluationSeconds") or 0) for epoch in epochs)
    processor = sum(float(number) for number in open(f"{runs}/{name}/cpu").read().split()[-2:])
    return rate, whole, processor

with_all = [read(f"with-{i}") for i in range(rounds)]
without = [read(f"without-{i}") for i in range(rounds)]
for what, at, invert in (("images/s", 0, True), ("seconds", 1, False), ("cpu s", 2, False)):
    a = statistics.median(one[at] for one in with_all)
    b = statistics.median(one[at] for one in without)
    ratios = sorted((y[at] / x[at] if invert else x[at] / y[at]) for x, y in zip(with_all, without))
    print(f"{what:9} with {a:12.2f}  without {b:12.2f}  ratio {statistics.median(ratios):.4f}"
          f"  ({ratios[0]:.4f} .. {ratios[-1]:.4f})")
PYTHON
