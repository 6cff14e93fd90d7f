"""same_as_h5py.py FILE JSON: whether `belay inspect --json FILE` says what h5py reads."""
import json
import sys

import h5py
import numpy as np

file, sheet = h5py.File(sys.argv[1]), json.load(open(sys.argv[2]))


def check(what, said, read):
    assert np.isclose(said, read, rtol=1e-12, atol=1e-15), f"{what}: inspect {said}, h5py {read}"


def statistics(what, row, values):
    values = values.astype(np.float64)
    check(what + " mean", row["mean"], values.mean())
    check(what + " deviation", row["deviation"], values.std())
    check(what + " min", row["min"], values.min())
    check(what + " max", row["max"], values.max())
    check(what + " zeros", row["zeros"], (values == 0).mean())


for row in sheet["datasets"]:
    assert row["shape"] == "[" + ",".join(map(str, file[row["dataset"]].shape)) + "]", row
for row in sheet.get("weights", []):
    statistics(row["parameter"], row, file["weights"][row["parameter"]][()])
for row in sheet.get("epochs", []):
    epoch = row["epoch"] - 1
    for column in ("train-loss", "test-loss", "live-features", "learning-rate"):
        check(column, row[column], file["metrics"][column.replace("-", "_")][epoch])
for row in sheet.get("features", []):
    values = file[row["set"]]["features"][()]
    statistics(row["set"], row, values)
    assert row["live"] == (values != 0).any(axis=0).sum(), row
for row in sheet.get("problems", []):
    check("rho", row["rho"], file["model/rho"][row["problem"] - 1])
for number, row in enumerate(sheet.get("confusion", [])):
    taken = file["test/predictions"][()][file["test/labels"][()] == number]
    assert list(row.values())[1:-1] == np.bincount(taken, minlength=len(row) - 2).tolist(), row
print("same")
