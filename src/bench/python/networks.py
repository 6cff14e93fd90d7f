"""Networks of conf/net in PyTorch: Network(path) is a module whose parameters are called as in Belay's checkpoints.

What docs/networks.md describes, but for dropout: values stand under the names of their lines, blocks are unrolled.
"""

import re

import torch
from torch import nn
from torch.nn import functional as F

WINDOWS = {"conv": 3, "maxpool": 2, "averagepool": 2}
CURVES = {"relu": F.relu, "gelu": F.gelu, "silu": F.silu, "leaky-relu": F.leaky_relu}
MARKS = ("latent", "logits", "output")


def words(text):
    """Lines of words without comments."""
    lines = (line.split("#")[0].split() for line in text.splitlines())
    return [line for line in lines if line]


def options(line):
    """The arguments of a line by position, and by name."""
    given = [word for word in line[1:] if "=" not in word]
    return given, dict(word.split("=", 1) for word in line[1:] if "=" in word)


def unrolled(lines, classes):
    """Lines as (kind, arguments, options, prefix): blocks replaced by what they stand for."""
    blocks, out, open_block = {}, [], None
    counts = {}

    def emit(line, prefix, values, scope):
        line = [re.sub(r"\$([\w-]+)", lambda m: values[m.group(1)], word) for word in line]
        kind = line[0]
        given, named = options(line)
        if kind not in blocks:
            out.append((kind, given, named, prefix, scope))
            return
        parameters, body = blocks[kind]
        for _ in range(int(named.pop("times", 1))):
            key = prefix + kind
            counts[key] = counts.get(key, 0) + 1
            inner = named.get("name", f"{kind}{counts[key]}")
            arguments = dict(p.split("=", 1) for p in parameters if "=" in p) | {
                k: v for k, v in named.items() if k not in ("name", "from")}
            arguments |= dict(zip([p for p in parameters if "=" not in p], given))
            if "from" in named:
                out.append(("from", [named.pop("from")], {}, prefix, scope))
            for part in body:
                emit(part, f"{prefix}{inner}.", arguments, f"{prefix}{inner}.")
            out.append(("name", [inner], {}, prefix, scope))

    for line in lines:
        if line[0] == "block":
            open_block = line[1]
            blocks[open_block] = (line[2:], [])
        elif line[0] == "end":
            open_block = None
        elif open_block:
            blocks[open_block][1].append(line)
        else:
            emit(line, "", {"classes": str(classes)}, "")
    return out


class Network(nn.Module):
    """forward(x [N, C, H, W]) gives the logits [N, classes], or the reconstruction."""

    def __init__(self, path, classes=10):
        super().__init__()
        self.steps = []  # (what, names of inputs, name of output)
        self.latent = None  # the value that is written as features
        self.names = {}  # of modules, as Belay calls them
        shapes, counts, last = {}, {}, None
        for kind, given, named, prefix, scope in unrolled(words(open(path).read()), classes):
            if kind == "input":
                h, w, c = map(int, given[0].split("x"))
                shapes["input"], last = (c, h, w), "input"
                continue
            if kind == "from":
                last = self.found(shapes, scope, given[0])
                continue
            if kind == "name":
                shapes[scope + given[0]] = shapes[last]
                self.steps.append((None, [last], scope + given[0]))
                continue
            key = prefix + kind.replace("-", "")
            counts[key] = counts.get(key, 0) + 1
            name = prefix + named["name"] if "name" in named else f"{key}{counts[key]}"
            source = self.found(shapes, scope, named["from"]) if "from" in named else last
            if kind in MARKS:
                self.latent = source if kind == "latent" else self.latent
                continue
            inputs = [source] + ([self.found(shapes, scope, given[0])] if kind == "add" else [])
            module = self.module(kind, given, named, shapes[source])
            if isinstance(module, nn.Module):
                self.names[name] = module
                self.add_module(name.replace(".", "_"), module)
            with torch.no_grad():
                tried = [torch.zeros(2, *shapes[i]) for i in inputs]
                shapes[name] = tuple((module.eval() if isinstance(module, nn.Module) else module)(*tried).shape[1:])
            self.steps.append((module, inputs, name))
            last = name
        self.last = last
        self.train()

    @staticmethod
    def found(shapes, scope, name):
        return scope + name if scope + name in shapes else name

    @staticmethod
    def module(kind, given, named, shape):
        c, _, _ = shape
        bias = named.get("bias", "yes") == "yes"
        if kind == "conv":
            k = int(named.get("kernel", 3))
            padding = int(named.get("padding", (k - 1) // 2))
            return nn.Conv2d(c, int(given[0]), k, int(named.get("stride", 1)), padding, bias=bias)
        if kind == "linear":
            return Linear(shape, int(given[0]), bias)
        if kind == "batchnorm":
            return nn.BatchNorm2d(c, float(named.get("epsilon", 1e-5)), float(named.get("momentum", 0.1)))
        if kind in ("maxpool", "averagepool"):
            side = int(given[0])
            pool = nn.MaxPool2d if kind == "maxpool" else nn.AvgPool2d
            return pool(side, int(named.get("stride", side)), int(named.get("padding", 0)))
        if kind == "globalaveragepool":
            return lambda x: x.mean((2, 3), keepdim=True)
        if kind == "upsample":
            return nn.Upsample(scale_factor=int(given[0]))
        if kind == "add":
            return lambda a, b: a + b
        return CURVES[kind]

    def forward(self, x):
        y = self.value(self.last, x)
        return y.flatten(1) if y.shape[2:] == (1, 1) else y

    def encode(self, x):
        """The features."""
        return self.value(self.latent, x)

    def value(self, wanted, x):
        values = {"input": x}
        for module, inputs, name in self.steps:
            if wanted in values:
                break
            read = [values[i] for i in inputs]
            values[name] = read[0] if module is None else module(*read)
        return values[wanted]

    def parameters_by_name(self):
        """Belay's name -> (tensor, whether it is trained)."""
        found = {}
        for name, module in self.names.items():
            if isinstance(module, (nn.Conv2d, Linear)):
                inner = module if isinstance(module, nn.Conv2d) else module.linear
                found[name + "/w"] = inner.weight
                if inner.bias is not None:
                    found[name + "/b"] = inner.bias
            elif isinstance(module, nn.BatchNorm2d):
                found[name + "/scale"], found[name + "/shift"] = module.weight, module.bias
                found[name + "/mean"], found[name + "/variance"] = module.running_mean, module.running_var
        return found


class Linear(nn.Module):
    """A linear layer of [N, C, H, W] that leaves [N, outputs, 1, 1]."""

    def __init__(self, shape, outputs, bias):
        super().__init__()
        self.shape = shape
        self.linear = nn.Linear(shape[0] * shape[1] * shape[2], outputs, bias)

    def forward(self, x):
        return self.linear(x.flatten(1))[:, :, None, None]
