package belay;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** CONTRIBUTING.md's table of packages: who may import whom. */
final class Rooms {
  /** Packages that every other may use. */
  static final Set<String> GROUND = Set.of("error", "random", "storage", "json", "log");

  /** Package to the packages of ours that it may use besides the ground. */
  static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  private Rooms() {}

  static {
    GROUND.forEach(Rooms::allow);
    allow("metrics");
    allow("conf", "conf.settings");
    allow("conf.settings");
    allow("data");
    allow("data.augment", "data");
    allow("data.picture", "data");
    allow("data.source", "data", "data.picture", "hdf", "conf.settings");
    allow("net");
    allow("job");
    allow("cluster", "job");
    allow("console");
    allow("view");
    allow("tune", "backend", "cluster", "conf.settings", "data", "hdf", "net", "train", "view");
    allow("report", "view");
    allow("hdf");
    allow("backend", "net", "data", "data.augment");
    allow("backend.fusion", "net");
    allow("backend.update", "backend", "net");
    allow("backend.loss", "backend", "net", "data");
    allow(
        "backend.reference",
        "backend",
        "backend.loss",
        "backend.update",
        "net",
        "data",
        "data.augment");
    allow("backend.cuda.driver", "backend");
    allow("backend.cuda.kernels", "backend.cuda.driver", "net");
    allow("backend.cuda.conv", "backend.cuda.driver", "backend.cuda.kernels", "net");
    allow(
        "backend.cuda.frame",
        "backend.fusion",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.conv",
        "backend",
        "net",
        "data.augment");
    allow(
        "backend.cuda.stage",
        "backend.fusion",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.conv",
        "backend.cuda.frame",
        "backend",
        "net");
    allow("backend.cuda.update", "backend.cuda.driver", "backend.cuda.frame", "backend", "net");
    allow(
        "backend.cuda.net",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.frame",
        "backend.cuda.stage",
        "backend.cuda.update",
        "backend",
        "net",
        "data",
        "data.augment");
    allow(
        "backend.cuda.svm",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.frame",
        "backend.cuda.net",
        "backend");
    allow(
        "backend.cuda",
        "backend.cuda.driver",
        "backend.cuda.net",
        "backend.cuda.svm",
        "backend",
        "net",
        "data");
    allow(
        "backend.cuda.lab",
        "backend.cuda",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.conv",
        "backend.cuda.frame",
        "backend.cuda.net",
        "backend",
        "net");
    allow("backend.onednn.dnnl", "backend", "net");
    allow("backend.onednn.stage", "backend.onednn.dnnl", "backend", "backend.fusion", "net");
    allow(
        "backend.onednn",
        "backend.fusion",
        "backend.loss",
        "backend.onednn.dnnl",
        "backend.onednn.stage",
        "backend",
        "backend.update",
        "net",
        "data",
        "data.augment");
    allow("train", "backend", "backend.fusion", "net", "data");
    allow("checkpoint", "hdf", "net", "train");
    allow("features", "hdf", "backend", "net", "data");
    allow("svm", "hdf", "backend", "svm.host");
    allow("svm.host", "backend");
    allow(
        "review",
        "conf",
        "conf.settings",
        "data",
        "data.source",
        "net",
        "hdf",
        "backend",
        "train",
        "checkpoint",
        "svm",
        "view");
    allow(
        "inspect",
        "checkpoint",
        "hdf",
        "net",
        "train",
        "data",
        "data.augment",
        "data.source",
        "backend",
        "features",
        "svm",
        "view",
        "review");
    allow("repair", "checkpoint", "cluster", "conf", "hdf", "inspect", "view", "review", "train");
    allow("doctor", "backend", "backend.reference", "data", "net");
    allow(
        "predict",
        "net",
        "backend",
        "checkpoint",
        "data",
        "data.augment",
        "data.source",
        "hdf",
        "job",
        "svm",
        "train",
        "view");
    allow(
        "run",
        "conf",
        "conf.settings",
        "data",
        "data.augment",
        "data.source",
        "net",
        "job",
        "cluster",
        "console",
        "view",
        "hdf",
        "metrics",
        "backend",
        "backend.reference",
        "backend.cuda",
        "backend.onednn",
        "train",
        "checkpoint",
        "features",
        "svm",
        "tune");
    allow(
        "watch",
        "console",
        "conf",
        "conf.settings",
        "checkpoint",
        "cluster",
        "job",
        "review",
        "view");
    allow(
        "submit",
        "run",
        "watch",
        "conf",
        "conf.settings",
        "data",
        "data.source",
        "net",
        "hdf",
        "job",
        "cluster",
        "checkpoint");
    allow(
        "cli.bench",
        "cli.option",
        "conf",
        "conf.settings",
        "backend",
        "backend.cuda",
        "backend.cuda.lab",
        "backend.cuda.net",
        "data",
        "job",
        "net",
        "run");
    allow(
        "cli.option",
        "conf",
        "conf.settings",
        "checkpoint",
        "cluster",
        "data.augment",
        "run",
        "submit");
  }

  private static void allow(String room, String... others) {
    MAY_USE.put(room, Set.copyOf(List.of(others)));
  }
}
