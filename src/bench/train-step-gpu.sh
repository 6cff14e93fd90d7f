#!/bin/sh
# Training steps and encoding of Belay on the GPU and of PyTorch (its best of eager and compiled, NCHW
# and NHWC, with CUDA graphs up to batch 256), in turn in one run: images per second by CUDA events
# (medians), their ratio, and device memory in GiB.
# usage: src/bench/train-step-gpu.sh [PRECISION...]    BATCHES="64 128" for others
# needs target/belay.jar with kernels, a JDK (or the bench's class in CLASSES) and python3 with torch
set -eu
cd "$(dirname "$0")/../.."
batches=${BATCHES:-64 128 256 512 1024}
network=${NETWORK:-conf/net/autoencoder.net}
classes=${CLASSES:-}
if [ -z "$classes" ]; then
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
  javac -d "$results" -cp target/belay.jar src/bench/java/GpuStepBench.java
  classes=$results:target/belay.jar
fi
[ $# -gt 0 ] || set -- fp32 tf32 bf16 fp16
echo 'format batch |  belay pytorch ratio | encoder: belay pytorch ratio | GiB: belay pytorch | how'
for precision; do
  for batch in $batches; do
    ours=$(${JAVA:-java} -cp "$classes" GpuStepBench "$network" auto "$precision" "$batch" 2>/dev/null)
    theirs=$(python3 src/bench/python/train_step_gpu.py "$network" "$precision" "$batch" 2>/dev/null | tail -1)
    echo "$precision $ours $theirs" | awk '{ printf "%-6s %5d | %7d %7d %5.2f | %9d %7d %5.2f | %6.2f %6.2f | %s\n",
      $1, $2, $3, $7, $3 / $7, $4, $9, $4 / $9, $5, $10, $8 }'
  done
done
