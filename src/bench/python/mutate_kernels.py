"""Breaks kernels on purpose: builds one variant of the images for each mutation below.

    mutate_kernels.py DIR [TIER]      writes DIR/NAME/belay/backend/cuda/images/FILE.TIER.fatbin

With DIR/NAME before the jar in the class path the broken kernels are loaded instead of the jar's; a test of the
contract must then fail. kernels/README.md has the table of which test caught which.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

# name, file that is changed, what stands there, what shall stand there, sources to compile
MUTATIONS = [
    ("border", "tensor/convolution.cuh", "if (m < rows && static_cast<unsigned>(y + u) < s.inH)",
     "if (m < rows && static_cast<unsigned>(y + u) <= s.inH)", ["tensor/gather_gemm_tf32x3"]),
    ("bias", "tensor/epilogues.cuh", "for (int q = 0; q < 8; q++) b[q] = bias ? bias[column + q] : 0;",
     "for (int q = 0; q < 8; q++) b[q] = bias ? bias[column + (q ^ 1)] : 0;", ["tensor/gather_gemm_tf32x3"]),
    ("tile-index", "tensor/weight_gradient.cuh", "int m0 = blockIdx.x * Core::BM, n0 = blockIdx.y * Core::BN, m =",
     "int m0 = blockIdx.y * Core::BM, n0 = blockIdx.x * Core::BN, m =", ["tensor/gather_weight_gradient_tf32x3"]),
    ("split", "parts.cuh", "return min(to, (term / shard + 1) * shard);",
     "return min(to, (term / shard + 1) * shard - 1);", ["tensor/gather_weight_gradient_tf32x3"]),
    ("slab", "parts.cuh", "at = end, end = min(to, end + shard);", "at = end + 1, end = min(to, end + shard);",
     ["tensor/gather_weight_gradient_tf32x3"]),
    ("mask", "tensor/epilogues.cuh", "v[q] = a[q] > 0 ? v[q] : 0;", "v[q] = a[q] >= 0 ? v[q] : 0;",
     ["tensor/gather_gemm_tf32x3"]),
    ("unpool", "tensor/epilogues.cuh", "+ 2 * p.y + (i >> 1)) * (2 * w) + 2 * p.x + (i & 1);",
     "+ 2 * p.y + (i & 1)) * (2 * w) + 2 * p.x + (i >> 1);", ["tensor/gather_gemm_tf32x3"]),
    ("column-sum", "tensor/convolution.cuh", "epilogue.column_sums((m0 + at) / PART, n0 + from, sum);",
     "epilogue.column_sums(m0 / PART, n0 + from, sum);", ["tensor/gather_gemm_tf32x3"]),
    ("last-part", "reduce.cu", "if (from + k < parts) sum = sum + ahead[k];",
     "if (from + k < parts - 1) sum = sum + ahead[k];", ["reduce"]),
    ("last-shard", "reduce.cu", "for (int shard = 0; shard < shards; shard++) tree.add(sums[shard * runs][lane]);",
     "for (int shard = 0; shard < shards - 1; shard++) tree.add(sums[shard * runs][lane]);", ["reduce"]),
    ("last-layer", "tensor/upsample_conv_loss.cu", "d[c] = scale * difference;", "d[c] = scale * difference * (c + 1);",
     ["tensor/upsample_conv_loss"]),
    ("patch", "tensor/patch.cuh", "static_cast<unsigned>(y) < h && static_cast<unsigned>(x) < w;",
     "static_cast<unsigned>(y) < h - 1 && static_cast<unsigned>(x) < w;", ["tensor/image_conv_relu_pool_forward"]),
    ("variance", "batch_norm.cu", "factor[e] = scale[c] / sqrtf(variance[at] + epsilon)",
     "factor[e] = scale[c] / sqrtf(variance[at])", ["batch_norm"]),
    ("philox", "philox.cuh", "round < 10", "round < 9", ["dropout"]),
]


def images(tier):
    number = tier.removeprefix("sm_")
    return ["-gencode", "arch=compute_90a,code=sm_90a"] if number == "90" else \
        ["-gencode", f"arch=compute_{number},code=sm_{number}"]


def build(kernels, out, tier, mutation):
    name, changed, old, new, sources = mutation
    copy = out / name / "kernels"
    shutil.rmtree(out / name, ignore_errors=True)
    shutil.copytree(kernels, copy)
    text = (copy / changed).read_text()
    if old not in text:
        raise SystemExit(f"{name}: {changed} has not: {old}")
    (copy / changed).write_text(text.replace(old, new))
    target = out / name / "belay/backend/cuda/images"
    target.mkdir(parents=True)
    for source in sources:
        subprocess.run(
            ["nvcc", "-fatbin", *images(tier), "-std=c++17", "-O3", "-I", copy, "-o",
             target / f"{pathlib.Path(source).name}.{tier}.fatbin", copy / f"{source}.cu"], check=True)
    shutil.rmtree(copy)
    print(name, flush=True)


def main():
    out, tier = pathlib.Path(sys.argv[1]), (sys.argv[2:] or ["sm_90"])[0]
    kernels = pathlib.Path(__file__).resolve().parents[3] / "kernels"
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda mutation: build(kernels, out, tier, mutation), MUTATIONS))


if __name__ == "__main__":
    main()
