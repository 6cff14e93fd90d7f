package belay.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A command that reads files which somebody else may have written. */
enum Reader {
  STATUS("status", "W/run"),
  STATUS_JSON("status", "W/run", "--json"),
  RUNS("runs", "W"),
  RUNS_ALL(
      "runs",
      "W",
      "--columns",
      "run,state,stage,epoch,step,best-epoch,test-loss,train-loss,accuracy,train-seconds,attempts,"
          + "interruptions,host,job,version,updated,train.batch",
      "--sort",
      "test-loss"),
  INSPECT_RUN("inspect", "W/run"),
  INSPECT_JSON("inspect", "W/run", "--json"),
  REPAIR("repair", "W/run"),
  REPAIR_DRY("repair", "W/run", "--dry-run"),
  REPORT("report", "W/run", "-o", "W/page.html"),
  TRAIN("train", "--run", "W/run", "--set", "train.epochs=4"),
  EXTRACT("extract", "--run", "W/run"),
  EXTRACT_NAMED("extract", "--run", "W/run", "--checkpoint", "ckpt-0003.h5"),
  CLASSIFY("classify", "--run", "W/run"),
  PREDICT("predict", "--run", "W/run", "W/data/test_batch.bin"),
  INSPECT_CHECKPOINT("inspect", "W/run/checkpoints/ckpt-0003.h5"),
  INSPECT_WITHIN("inspect", "W/run/checkpoints/ckpt-0003-00000007.h5"),
  INSPECT_FEATURES("inspect", "W/run/features.h5"),
  INSPECT_CLASSIFIER("inspect", "W/run/svm.h5"),
  TRACE("trace", "W/run/svm.h5"),
  TRACE_CHECKPOINT("trace", "W/run/checkpoints/ckpt-0003.h5"),
  DIFFERENCE(
      "inspect", "W/run/checkpoints/ckpt-0002.h5", "--diff", "W/run/checkpoints/ckpt-0003.h5"),
  IMAGES("inspect", "W/run/checkpoints/ckpt-0003.h5", "--images", "W/shown"),
  INSPECT_NETWORK("inspect", "W/tiny.net"),
  TRAIN_NEW("train", "--run", "W/new", "--conf", "demo", "--set", "train.epochs=1"),
  PREDICT_PICTURES("predict", "--run", "W/run", "W/pictures/a.png", "W/pictures/b.jpg"),
  FETCH("fetch", "W/unpacked", "--url", "file://W/archive.tar.gz", "--set", "data.md5=");

  private final List<String> words;

  Reader(String... words) {
    this.words = List.of(words);
  }

  static List<Reader> ofRuns() {
    return List.of(
        STATUS,
        STATUS_JSON,
        RUNS,
        RUNS_ALL,
        INSPECT_RUN,
        INSPECT_JSON,
        REPAIR,
        REPAIR_DRY,
        REPORT,
        TRAIN,
        EXTRACT,
        CLASSIFY,
        PREDICT);
  }

  static List<Reader> ofCheckpoints() {
    return List.of(
        INSPECT_CHECKPOINT,
        INSPECT_WITHIN,
        TRACE_CHECKPOINT,
        DIFFERENCE,
        IMAGES,
        INSPECT_RUN,
        REPAIR,
        REPORT,
        TRAIN,
        EXTRACT,
        EXTRACT_NAMED,
        CLASSIFY,
        PREDICT);
  }

  static List<Reader> ofFeatures() {
    return List.of(INSPECT_FEATURES, INSPECT_RUN, REPAIR, TRACE, EXTRACT, CLASSIFY, REPORT);
  }

  static List<Reader> ofClassifiers() {
    return List.of(
        INSPECT_CLASSIFIER, INSPECT_RUN, REPAIR, TRACE, CLASSIFY, PREDICT, REPORT, RUNS_ALL);
  }

  static List<Reader> ofNetworks() {
    return List.of(INSPECT_NETWORK, TRAIN_NEW, TRAIN);
  }

  static List<Reader> ofImages() {
    return List.of(TRAIN_NEW, TRAIN, PREDICT, REPORT, TRACE, IMAGES);
  }

  static List<Reader> ofPictures() {
    return List.of(PREDICT_PICTURES);
  }

  static List<Reader> all() {
    return List.of(values());
  }

  /** The command line, on small and slow means. */
  String[] arguments(Path work) {
    boolean isStage =
        List.of("train", "extract", "classify", "predict", "fetch", "repair")
            .contains(words.get(0));
    Stream<String> means =
        Stream.of(
            "backend=reference",
            "data.dir=W/data",
            "train.network=W/tiny.net",
            "train.warmup-steps=1",
            "lease.heartbeat-seconds=1",
            "lease.stale-seconds=3");
    return Stream.concat(
            words.stream(), isStage ? means.flatMap(key -> Stream.of("--set", key)) : Stream.of())
        .map(word -> word.replace("W", work.toString()))
        .toArray(String[]::new);
  }
}
