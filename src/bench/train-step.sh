#!/bin/sh
# Training steps of Belay's oneDNN backend and of PyTorch, in turn in one run: images per second
# (medians over the rounds) and their ratio. The reference backend stands beside.
# usage: src/bench/train-step.sh [ROUNDS [THREADS]]    needs target/belay.jar and python3-torch
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
threads=${2:-$(nproc)}
python=${PYTHON:-/usr/bin/python3} # where apt puts torch
jar=target/belay.jar
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

javac -d "$results" -cp "$jar" src/bench/java/TrainStepBench.java
belay() { # BACKEND BATCH PRECISION STEPS
  java -cp "$results:$jar" TrainStepBench conf/net/autoencoder.net "$1" "$2" "$3" "$threads" "$4"
}
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

reference=$(belay reference 4 fp32 3)
echo "reference backend, 1 thread: $reference images/s"
printf '%-6s %5s %12s %12s %7s\n' format batch onednn pytorch ratio
for precision in fp32 bf16; do
  for batch in 32 128; do
    steps=$((512 / batch))
    : > "$results/a"
    : > "$results/b"
    : > "$results/ratio"
    for _ in $(seq "$rounds"); do
      a=$(belay onednn "$batch" "$precision" "$steps")
      b=$("$python" src/bench/python/train_step.py "$batch" "$precision" "$threads" "$steps")
      echo "$a" >> "$results/a"
      echo "$b" >> "$results/b"
      awk "BEGIN { print $a / $b }" >> "$results/ratio"
    done
    printf '%-6s %5s %12s %12s %7s\n' "$precision" "$batch" \
      "$(median "$results/a")" "$(median "$results/b")" "$(median "$results/ratio")"
  done
done
