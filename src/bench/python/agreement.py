"""The steps that src/bench/java/StepTrace.java left in a directory, made again by PyTorch in fp32 from the same weights and images.

usage: agreement.py NETWORK.net DIRECTORY RATE
Prints relative differences, |ours - theirs| / |theirs|: of the losses; of the gradients of the first step, and how far both lie
from the same in double, since a ReLU or a maximum that turns changes more than rounding does; of weights and running
statistics after the last step.
"""

import copy
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
            if len(part):
                if len(shape) == 4:  # [Kh, Kw, Cin, Cout]
                    part = part.view(shape).permute(3, 2, 0, 1)
                elif len(shape) == 2:  # [inputs, outputs] of images that are one pixel
                    part = part.view(shape).t()
                found[name] = part.reshape(tensors[name].shape).cuda()
        return found

    for name, value in ours("weights", 0).items():
        tensors[name].data.copy_(value)
    trained = {name for name, value in tensors.items() if isinstance(value, torch.nn.Parameter)}
    optimizer = torch.optim.SGD([tensors[n] for n in trained], float(rate), 0.9, weight_decay=5e-4, nesterov=True)

    def difference(ours, theirs, names):
        """Of all tensors together, and of the one where it is largest."""
        squares = {n: ((ours[n].double() - theirs[n].double()).square().sum(), theirs[n].double().square().sum()) for n in names}
        each = {n: (a / b.clamp_min(1e-60)).sqrt().item() for n, (a, b) in squares.items()}
        name = max(each, key=each.get)
        whole = (sum(a for a, _ in squares.values()) / sum(b for _, b in squares.values())).sqrt().item()
        return f"{whole:.1e}, {each[name]:.1e} at most ({name})"

    def loss_of(net, step, dtype):
        rows = slice(step * batch, (step + 1) * batch)
        return F.cross_entropy(net(pixels[rows].to(dtype) / 255), labels[rows], label_smoothing=0.1)

    exact = copy.deepcopy(model).double()
    loss_of(exact, 0, torch.float64).backward()
    exact = {n: t.grad + 5e-4 * t.data for n, t in exact.parameters_by_name().items() if n in trained}
    losses_apart = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = loss_of(model, step, torch.float32)
        loss.backward()
        optimizer.step()
        losses_apart.append(abs(losses[step] - loss.item()) / loss.item())
        if step == 0:
            first = {n: optimizer.state[tensors[n]]["momentum_buffer"].clone() for n in trained}
    mine, last = ours("momentum", 1), ours("weights", steps)
    print(path, "losses, ours against PyTorch's:", *(f"{d:.0e}" for d in losses_apart))
    print("  gradients of step 1: ours against PyTorch's", difference(mine, first, trained))
    print("    ours against double", difference(mine, exact, trained))
    print("    PyTorch's against double", difference(first, exact, trained))
    print(f"  after {steps}: weights", difference(last, tensors, trained))
    print("    running statistics", difference(last, tensors, tensors.keys() - trained))


main()
