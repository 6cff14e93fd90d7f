"""The steps that src/bench/java/StepTrace.java left in a directory, made again by PyTorch in fp32 from the same weights and images.

usage: agreement.py NETWORK.net DIRECTORY RATE
Prints the largest relative difference, |ours - theirs| / |theirs|, of the losses, of the gradients of the first step, and of
weights, momentum and running statistics after the last one, each over the tensors that the layout names.
"""

import sys

import numpy as np
import torch
from torch.nn import functional as F

from networks import Network


def main():
    path, directory, rate = sys.argv[1:]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    losses = [float(line) for line in open(directory + "/losses.txt")]
    steps = len(losses)
    pixels = torch.from_numpy(np.fromfile(directory + "/pixels.bin", np.uint8)).view(-1, 3, 32, 32).cuda()
    batch = len(pixels) // steps
    labels = (torch.arange(len(pixels)) % 10).cuda()
    model = Network(path).cuda()
    tensors = model.parameters_by_name()
    layout = [(name, int(at), [int(n) for n in shape.split(",")]) for name, at, shape in
              (line.split() for line in open(directory + "/layout.txt"))]

    def ours(kind, step):
        values = np.fromfile(f"{directory}/{kind}-{step}.bin", np.float32)
        found = {}
        for name, at, shape in layout:
            part = torch.from_numpy(values[at:at + int(np.prod(shape))].copy())
            if len(part) and name in tensors:
                part = part.view(shape).permute(3, 2, 0, 1) if len(shape) == 4 else part
                found[name] = part.reshape(tensors[name].shape).cuda()
        return found

    for name, value in ours("weights", 0).items():
        tensors[name].data.copy_(value)
    trained = {name for name, value in tensors.items() if isinstance(value, torch.nn.Parameter)}
    optimizer = torch.optim.SGD([tensors[n] for n in trained], float(rate), 0.9, weight_decay=5e-4, nesterov=True)

    def worst(ours, theirs):
        pairs = {name: (value - theirs[name]).norm() / theirs[name].norm().clamp_min(1e-30) for name, value in ours.items()}
        name = max(pairs, key=lambda n: pairs[n])
        return f"{pairs[name]:.1e} ({name})"

    def momentum():
        return {name: optimizer.state[tensors[name]]["momentum_buffer"] for name in trained}

    differences = []
    for step in range(steps):
        rows = slice(step * batch, (step + 1) * batch)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(pixels[rows].float() / 255), labels[rows], label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        differences.append(abs(losses[step] - loss.item()) / loss.item())
        if step == 0:
            gradients = worst({n: v for n, v in ours("momentum", 1).items() if n in trained}, momentum())
    last = ours("weights", steps)
    print(f"{path}: losses {max(differences):.1e} ({losses[0]:.4f} to {losses[-1]:.4f}), gradients of step 1 {gradients};"
          f" after {steps}: weights {worst({n: v for n, v in last.items() if n in trained}, tensors)},"
          f" momentum {worst({n: v for n, v in ours('momentum', steps).items() if n in trained}, momentum())},"
          f" statistics {worst({n: v for n, v in last.items() if n not in trained}, tensors)}")


main()
