"""Checks that an HDF5 file that Belay wrote holds what its manifest says.

    python3 verify_h5.py FILE...

Needs h5py. Every dataset and attribute must be listed in /manifest with its type, shape and
SHA-256, and nothing else may be: repacking or compressing the file changes none of them. Content
of more than 64 MiB is digested in pieces of 4 MiB, so that several threads can do it: its entry is
the SHA-256 of the pieces' SHA-256s, and :4194304.
"""

import hashlib
import sys

import h5py
import numpy

WHOLE = 64 << 20
PIECE = 4 << 20


def sha256(content):
    if len(content) <= WHOLE:
        return hashlib.sha256(content).hexdigest()
    pieces = (content[at : at + PIECE] for at in range(0, len(content), PIECE))
    return hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in pieces)).hexdigest() + f":{PIECE}"


def line(path, value):
    array = numpy.asarray(value)
    text = array.dtype.kind == "S"
    content = b"\0".join(array.ravel().tolist()) if text else array.tobytes()
    shape = "[" + ",".join(map(str, array.shape)) + "]"
    return f"{sha256(content)}  {'string' if text else array.dtype.name}  {shape}  {path}"


def check(file):
    manifest = [entry.decode() for entry in file["manifest"]]
    digest = hashlib.sha256("\n".join(manifest).encode()).hexdigest()
    if digest != file["manifest"].attrs["sha256"].decode():
        raise SystemExit(f"{file.filename}: the manifest does not match its own digest")
    found = []

    def visit(name, node):
        if name != "manifest":
            found.extend(line(f"/{name}@{key}", value) for key, value in node.attrs.items())
            if isinstance(node, h5py.Dataset):
                found.append(line(f"/{name}", node[()]))

    visit("", file)
    file.visititems(visit)
    for different in sorted(set(found) ^ set(manifest)):
        raise SystemExit(f"{file.filename}: differs from its manifest: {different}")
    print(f"{file.filename}: {len(manifest)} entries verified")


if __name__ == "__main__":
    if not sys.argv[1:] or sys.argv[1].startswith("-"):
        raise SystemExit("usage: verify_h5.py FILE...")
    for name in sys.argv[1:]:
        try:
            with h5py.File(name) as opened:
                check(opened)
        except (OSError, KeyError) as problem:
            raise SystemExit(f"{name}: cannot be read as a file of belay: {problem}")
