package belay.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A kind of file, what is done to it, and who reads it. */
enum Mutation {
  CHECKPOINT("run/checkpoints/ckpt-0003.h5", ForgedContent::change, Reader.ofCheckpoints()),
  WITHIN_AN_EPOCH(
      "run/checkpoints/ckpt-0003-00000007.h5", ForgedContent::change, Reader.ofCheckpoints()),
  FEATURES("run/features.h5", ForgedContent::change, Reader.ofFeatures()),
  CLASSIFIER("run/svm.h5", ForgedContent::change, Reader.ofClassifiers()),
  HDF5_BYTES("run/svm.h5", MangledBytes::anywhere, Reader.ofClassifiers()),
  STATUS("run/status.json", MangledText::change, Reader.ofRuns()),
  ATTEMPTS("run/attempts.jsonl", MangledText::change, Reader.ofRuns()),
  METRICS("run/metrics.jsonl", MangledText::change, Reader.ofRuns()),
  PROFILE("run/profile.json", MangledText::change, Reader.ofRuns()),
  SUBMITTED("run/jobs/submitted.jsonl", MangledText::change, Reader.ofRuns()),
  LEASE("run/lease-1.json", MangledText::change, Reader.ofRuns()),
  PROPERTIES("run/run.properties", MangledText::change, Reader.ofRuns()),
  NETWORK("tiny.net", MangledText::change, Reader.ofNetworks()),
  NAMES("data/batches.meta.txt", MangledText::change, Reader.ofImages()),
  RECORDS("data/test_batch.bin", MangledBytes::anywhere, Reader.ofImages()),
  PNG("pictures/a.png", MangledBytes::anywhere, Reader.ofPictures()),
  PNG_HEADER("pictures/a.png", MangledBytes::pngHeader, Reader.ofPictures()),
  JPEG("pictures/b.jpg", MangledBytes::anywhere, Reader.ofPictures()),
  JPEG_FRAME("pictures/b.jpg", MangledBytes::jpegFrame, Reader.ofPictures()),
  ARCHIVE("archive.tar.gz", MangledBytes::archive, List.of(Reader.FETCH)),
  PIPE("", Mutation::anotherKind, Reader.all());

  private static final List<String> KINDS = List.of("a pipe", "a directory", "/dev/zero", "empty");

  /** The first ones. */
  private static final int FORGED = 4;

  private interface Change {
    String apply(Path file, Random random) throws IOException;
  }

  private final String file;
  private final Change change;
  private final List<Reader> readers;

  Mutation(String file, Change change, List<Reader> readers) {
    this.file = file;
    this.change = change;
    this.readers = readers;
  }

  /** The formats with the most to get wrong more often than the others. */
  static Mutation any(Random random) {
    int place = random.nextInt(values().length + 2 * FORGED);
    return values()[place < 3 * FORGED ? place % FORGED : place - 2 * FORGED];
  }

  /**
   * Changes a file.
   *
   * @param work a copy of the fixture
   * @return what it has done
   */
  String apply(Path work, Random random) throws IOException {
    return change.apply(work.resolve(file), random);
  }

  /** Some who read it. */
  List<Reader> readers(Random random) {
    List<Reader> some = new ArrayList<>(readers);
    Collections.shuffle(some, random);
    return some.subList(0, Math.min(3, some.size()));
  }

  /** A pipe, a directory, a link or nothing in place of any file. */
  private static String anotherKind(Path work, Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(work)) {
      files = tree.filter(Files::isRegularFile).sorted().toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    Files.delete(file);
    int kind = random.nextInt(KINDS.size());
    switch (kind) {
      case 0 -> pipe(file);
      case 1 -> Files.createDirectory(file);
      case 2 -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
      default -> Files.createFile(file);
    }
    return work.relativize(file) + " " + KINDS.get(kind);
  }

  private static void pipe(Path file) throws IOException {
    try {
      new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
