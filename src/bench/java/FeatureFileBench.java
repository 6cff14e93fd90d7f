import belay.hdf.FloatRows;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.storage.Fence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * What bounds features.h5: each part of writing and reading apart, then together.
 *
 * <pre>
 * java -cp target/belay.jar src/bench/java/FeatureFileBench.java DIR [GIGABYTES]
 * </pre>
 */
public final class FeatureFileBench {
  private static final int BATCH = 8 << 20;
  private static final int COLUMNS = 8192;

  private final Path directory;
  private final int batches;
  private final ByteBuffer[] buffers = new ByteBuffer[8];

  private FeatureFileBench(Path directory, double gigabytes) {
    this.directory = directory;
    this.batches = (int) (gigabytes * 1e9 / BATCH);
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = ByteBuffer.allocateDirect(BATCH).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < BATCH; at += 4) {
        buffers[i].putFloat(at, at % 7 == 0 ? at * 1e-3f + i : 0);
      }
    }
  }

  public static void main(String[] args) throws Exception {
    double gigabytes = args.length > 1 ? Double.parseDouble(args[1]) : 1.97;
    FeatureFileBench bench = new FeatureFileBench(Path.of(args[0]), gigabytes);
    bench.run("warm-up", bench::digest);
    bench.run("SHA-256 of one thread", bench::digest);
    bench.run("write calls of one thread", () -> bench.plain(false));
    bench.run("the same and force", () -> bench.plain(true));
    Path file = bench.directory.resolve("features.h5");
    for (int turn = 0; turn < 2; turn++) {
      bench.write(file);
      bench.run("read and verify", () -> bench.read(file));
    }
    Files.delete(file);
  }

  private interface Part {
    void run() throws Exception;
  }

  private void run(String what, Part part) throws Exception {
    long began = System.nanoTime();
    part.run();
    say(what, began);
  }

  private void say(String what, long began) {
    double seconds = (System.nanoTime() - began) * 1e-9;
    System.out.printf(
        "%-28s %6.2f s %6.2f GB/s%n", what, seconds, batches * 1e-9 * BATCH / seconds);
  }

  private void digest() throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < batches; i++) {
      sha256.update(buffers[i % buffers.length].duplicate());
    }
    sha256.digest();
  }

  private void plain(boolean force) throws Exception {
    Path file = directory.resolve("plain");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < batches; i++) {
        channel.write(buffers[i % buffers.length].duplicate(), (long) i * BATCH);
      }
      if (force) {
        channel.force(true);
      }
    }
    Files.delete(file);
  }

  private void write(Path file) throws Exception {
    long began = System.nanoTime();
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      long rows = (long) batches * (BATCH / 4 / COLUMNS);
      try (FloatRows stream = writer.stream("/train/features", rows, COLUMNS)) {
        Deque<CompletableFuture<Void>> pending = new ArrayDeque<>();
        for (int i = 0; i < batches; i++) {
          if (pending.size() == buffers.length) {
            pending.remove().join();
          }
          pending.add(stream.append(buffers[i % buffers.length]));
        }
        stream.end();
      }
      say("digest and write HDF5", began);
      writer.publish(Fence.NONE);
    }
    say("the same and publish", began);
  }

  private void read(Path file) {
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      reader.stream("/train/features", 128 * COLUMNS, (first, values) -> {});
    }
  }
}
