"""The same training step and encoder in PyTorch on the GPU: images a second at the median, PyTorch's best.

usage: train_step_gpu.py NETWORK.net PRECISION BATCH...      PRECISION fp32 | tf32 | bf16 | fp16
Networks that classify train by SGD with Nesterov's momentum and cross-entropy with smoothing, in NHWC; others by Adam. For each batch it tries NCHW and NHWC, eager, torch.compile and a CUDA graph of the whole step, and prints the
best: batch, training images/s, how, encoder images/s, peak memory in GiB.
"""

import sys

import torch
from torch.nn import functional as F

from networks import Network

TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def median(work, repetitions=30, warm_up=6):
    """Milliseconds by CUDA events."""
    for _ in range(warm_up):
        work()
    events = [torch.cuda.Event(enable_timing=True) for _ in range(repetitions + 1)]
    events[0].record()
    for event in events[1:]:
        work()
        event.record()
    torch.cuda.synchronize()
    times = sorted(a.elapsed_time(b) for a, b in zip(events, events[1:]))
    return times[repetitions // 2]


def graphed(work):
    """The work as a captured CUDA graph, so that small batches do not wait for Python."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(4):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


def candidates(path, batch, precision):
    """Pairs (how, (training milliseconds, encoder milliseconds))."""
    kind = TYPES.get(precision)
    images = torch.rand(batch, 3, 32, 32, device="cuda")
    labels = torch.arange(batch, device="cuda") % 10
    classifies = "logits" in open(path).read().split()
    for layout in (torch.channels_last,) if classifies else (torch.contiguous_format, torch.channels_last):
        for compiled in (False, True):
            name = ("NHWC" if layout == torch.channels_last else "NCHW") + (" compile" if compiled else " eager")
            torch.manual_seed(1)
            model = Network(path).cuda().to(memory_format=layout)
            x = images.to(memory_format=layout)
            run = torch.compile(model) if compiled else model
            encode = torch.compile(model.encode) if compiled else model.encode
            if classifies:
                optimizer = torch.optim.SGD(model.parameters(), 1e-4, 0.9, weight_decay=5e-4, nesterov=True, fused=True)
            else:
                optimizer = torch.optim.Adam(model.parameters(), 1e-4, fused=True, capturable=True)

            def step():
                optimizer.zero_grad(set_to_none=True)
                with torch.autocast("cuda", dtype=kind or torch.float32, enabled=kind is not None):
                    output = run(x)
                if classifies:
                    F.cross_entropy(output.float(), labels, label_smoothing=0.1).backward()
                else:
                    F.mse_loss(output.float(), x).backward()
                optimizer.step()

            def features():
                with torch.no_grad(), torch.autocast("cuda", dtype=kind or torch.float32, enabled=kind is not None):
                    encode(x)

            encoder = median(features)
            yield name, (median(step), encoder)
            if batch <= 256:
                yield name + " graph", (median(graphed(step)), encoder)


def main():
    path, precision, *batches = sys.argv[1:]
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision != "fp32"
    for batch in map(int, batches):
        torch.cuda.reset_peak_memory_stats()
        tried = list(candidates(path, batch, precision))
        how, (step, _) = min(tried, key=lambda t: t[1][0])
        encoder = min(e for _, (_, e) in tried)
        peak = torch.cuda.max_memory_allocated() / 2**30
        print(f"{batch} {batch / step * 1e3:.0f} {how.replace(' ', '+')} {batch / encoder * 1e3:.0f} {peak:.2f}", flush=True)


main()
