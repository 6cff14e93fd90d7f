"""The same training step in PyTorch: images per second at the median step, best of two layouts.

usage: train_step.py BATCH fp32|bf16 THREADS STEPS
"""

import sys
import time

import torch
from torch import nn


def autoencoder():
    return nn.Sequential(
        nn.Conv2d(3, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(256, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2),
        nn.Conv2d(128, 256, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2),
        nn.Conv2d(256, 3, 3, padding=1),
    )


def median_step(batch, bf16, steps, layout):
    model = autoencoder().to(memory_format=layout)
    images = torch.rand(batch, 3, 32, 32).to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)
    seconds = []
    for i in range(-2, steps):  # two steps to warm up
        begin = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            output = model(images)
        loss = nn.functional.mse_loss(output.float(), images)
        loss.backward()
        optimizer.step()
        loss.item()
        if i >= 0:
            seconds.append(time.perf_counter() - begin)
    return sorted(seconds)[steps // 2]


def main():
    batch, precision, threads, steps = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    layouts = (torch.contiguous_format, torch.channels_last)
    best = min(median_step(int(batch), precision == "bf16", int(steps), l) for l in layouts)
    print(f"{int(batch) / best:.2f}")


main()
