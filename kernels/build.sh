#!/usr/bin/env bash
# Compiles kernels/*.cu and lab/*.cu for every tier, and tensor/*.cu for those with tensor cores, into DIR/NAME.TIER.fatbin.
# usage: build.sh [auto|require|skip] [DIR]     TIERS="sm_80 sm_90" builds fewer
# For each tier it takes the newest nvcc that still knows the architecture, from NVCC (a list), PATH,
# CUDA_HOME and /usr/bin; without any it says so and leaves a jar for CPUs. Only what changed is compiled;
# other NVCC_PREPEND_FLAGS or NVCC_APPEND_FLAGS change everything.
set -euo pipefail
mode=${1:-auto}
here=$(cd "$(dirname "$0")" && pwd)
out=${2:-$here/../target/classes/belay/backend/cuda/images}
read -ra tiers <<<"${TIERS:-sm_35 sm_70 sm_80 sm_90}"

[[ $mode == skip ]] && exit 0
[[ $mode == auto || $mode == require ]] || { echo "build.sh: kernels=$mode must be auto, require or skip" >&2; exit 2; }

candidates() {
    tr ' ' '\n' <<<"${NVCC:-}"
    type -ap nvcc || true
    [[ -n ${CUDA_HOME:-} ]] && echo "$CUDA_HOME/bin/nvcc"
    printf '%s\n' /usr/local/cuda/bin/nvcc /usr/bin/nvcc
}

# An nvcc must find the ptxas of its own toolkit, not that of another one in the PATH.
own_path() {
    if [[ $1 == /usr/bin/nvcc && -d /usr/lib/nvidia-cuda-toolkit/bin ]]; then
        echo "/usr/lib/nvidia-cuda-toolkit/bin:/usr/bin:/bin"
    else
        echo "$(dirname "$1"):/usr/bin:/bin"
    fi
}

# Lines "VERSION PATH", newest first.
compilers() {
    local nvcc version
    while read -r nvcc; do
        [[ -x $nvcc ]] || continue
        version=$(PATH=$(own_path "$nvcc") "$nvcc" --version | sed -n 's/.*release \([0-9.]*\),.*/\1/p')
        echo "$version $nvcc"
    done < <(candidates | sort -u) | sort -rV
}

knows() { PATH=$(own_path "$1") "$1" --list-gpu-arch | grep -qx "compute_${2#sm_}"; }

newest_for() {
    local version nvcc
    while read -r version nvcc; do
        if knows "$nvcc" "$1"; then
            echo "$version $nvcc"
            return
        fi
    done <<<"$found"
    return 1
}

# One file for each source and tier: machine code, and PTX that drivers compile for later GPUs.
compile() {
    local nvcc=$1 tier=$2 source=$3 target headers
    shift 3
    target=$out/$(basename "$source" .cu).$tier.fatbin
    if [[ $target -nt $source ]]; then
        headers=$(find "$here" "$(dirname "$source")" -maxdepth 1 -name '*.cuh' -newer "$target" -print -quit)
        [[ -z $headers ]] && return
    fi
    PATH=$(own_path "$nvcc") "$nvcc" -fatbin "$@" -std=c++17 -O3 -I "$here" \
        -Wno-deprecated-gpu-targets -o "$target.part" "$source"
    mv "$target.part" "$target"
}
export -f compile own_path
export out here

found=$(compilers)
if [[ -z $found ]]; then
    [[ $mode == require ]] && { echo "kernels: no nvcc in NVCC, PATH, CUDA_HOME or /usr/bin, but -Dkernels=require" >&2; exit 1; }
    echo "kernels: no nvcc found, so this jar computes on CPUs only (on Debian: apt-get install nvidia-cuda-toolkit)"
    exit 0
fi

mkdir -p "$out"
rm -f "$out"/*.part # of a build that was interrupted
# Other flags make other images: a jar must not keep those that .ci/run has compiled without optimisers.
flags="${NVCC_PREPEND_FLAGS:-} ${NVCC_APPEND_FLAGS:-}" stamp=${out%/classes/*}/kernel-flags
if [[ $(cat "$stamp" 2>/dev/null || echo ' ') != "$flags" ]]; then
    rm -f "$out"/*.fatbin
    echo "$flags" >"$stamp"
fi
jobs=()
for tier in "${tiers[@]}"; do
    if ! compiler=$(newest_for "$tier"); then
        message="kernels: no nvcc here compiles for $tier"
        [[ $mode == require ]] && { echo "$message" >&2; exit 1; }
        echo "$message, so the jar lacks that tier"
        continue
    fi
    read -r version nvcc <<<"$compiler"
    number=${tier#sm_}
    # wgmma exists in sm_90a only, and only since CUDA 12. Its code runs on nothing but compute
    # capability 9.0: later GPUs take the PTX of sm_80.
    if [[ $number == 90 && ${version%%.*} -ge 12 ]]; then
        code="-gencode arch=compute_90a,code=sm_90a"
    else
        code="-gencode arch=compute_$number,code=[sm_$number,compute_$number]"
    fi
    sources=("$here"/*.cu "$here"/lab/*.cu)
    # Tensor cores: fp16 from compute capability 7.0 on; bf16, tf32 and the fused first and last layers from 8.0 on.
    if [[ $number -ge 80 ]]; then
        sources+=("$here"/tensor/*.cu)
    elif [[ $number -ge 70 ]]; then
        sources+=("$here"/tensor/{gather_gemm_fp16,gather_weight_gradient_fp16,prepare_copies}.cu)
    fi
    for source in "${sources[@]}"; do
        jobs+=("$nvcc $tier $source $code")
    done
done
# shellcheck disable=SC2016 # the inner shell expands it
printf '%s\0' "${jobs[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'set -euo pipefail; read -ra job <<<"$1"; compile "${job[@]}"' _ {}
