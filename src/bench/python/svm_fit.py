"""Fits scikit-learn's SVC to the features of a run as belay classify does: scaled, RBF, C = 10, gamma
'scale'. Prints seconds of training (scaling included) and of predicting the test images, and the
accuracy.

usage: svm_fit.py FEATURES.h5 [THREADS]    needs python3-sklearn and python3-h5py
"""

import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", sys.argv[2] if len(sys.argv) > 2 else str(os.cpu_count()))
os.environ.setdefault("OPENBLAS_NUM_THREADS", os.environ["OMP_NUM_THREADS"])

import h5py
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

CACHE_MIB = 4000  # every kernel row of 5,000 samples stays

with h5py.File(sys.argv[1], "r") as file:
    train = file["/train/features"][:]
    train_labels = file["/train/labels"][:]
    test = file["/test/features"][:]
    test_labels = file["/test/labels"][:]

began = time.perf_counter()
scaler = StandardScaler().fit(train)
machine = SVC(kernel="rbf", C=10, gamma="scale", tol=1e-3, cache_size=CACHE_MIB)
machine.fit(scaler.transform(train), train_labels)
trained = time.perf_counter()
predictions = machine.predict(scaler.transform(test))
done = time.perf_counter()
print(f"{trained - began:.2f} {done - trained:.2f} {(predictions == test_labels).mean():.4f}")
