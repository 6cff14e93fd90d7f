package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.Dataset;
import belay.data.ImageShape;
import belay.error.BelayException;
import belay.hdf.ForeignReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file is read, or refused in one line: no trace, no end of memory, no endless loop. */
class MutatedImagesTest {
  private static final int MUTATIONS = Integer.getInteger("belay.mutations", 50);
  private static final ImageShape GREY = new ImageShape(6, 5, 1);
  private static final ImageShape RGB = new ImageShape(32, 32, 3);

  @TempDir Path directory;

  private final Random random = new Random(Long.getLong("belay.test.seed", 11));
  private int refused;

  /** Changes bytes, mostly of the first ones, where headers are, or cuts the file. */
  private byte[] mutated(byte[] whole, int headers) {
    byte[] bytes = whole.clone();
    if (random.nextInt(5) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    for (int i = 0; i <= random.nextInt(4); i++) {
      int at =
          random.nextInt(random.nextInt(4) == 0 ? bytes.length : Math.min(headers, bytes.length));
      bytes[at] =
          (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ 1 << random.nextInt(8));
    }
    return bytes;
  }

  private void mutate(Path file, int headers, ImageShape shape, Path place) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < MUTATIONS; i++) {
      Files.write(file, mutated(whole, headers));
      assertTimeoutPreemptively(Duration.ofSeconds(60), () -> readOrRefuse(place, shape));
    }
    Files.write(file, whole);
    WrittenImages.read(place, shape);
  }

  private void readOrRefuse(Path place, ImageShape shape) {
    try {
      WrittenImages.read(place, shape);
    } catch (BelayException e) {
      refused++;
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
      assertTrue(e.getMessage().contains(directory.toString()), e.getMessage());
    }
  }

  @Test
  void idx() throws IOException {
    WrittenImages.mnist(directory, WrittenImages.dataset(GREY, 20, 10, 1));
    mutate(directory.resolve("train-images-idx3-ubyte"), 16, GREY, directory);
    mutate(directory.resolve("train-labels-idx1-ubyte"), 8, GREY, directory);
    assertTrue(refused > MUTATIONS / 2, refused + " were refused");
  }

  @Test
  void idxInGzip() throws IOException {
    Dataset dataset = WrittenImages.dataset(GREY, 20, 10, 1);
    WrittenImages.idx(directory, "train-%s-ubyte.gz", dataset.train(), 3);
    WrittenImages.idx(directory, "t10k-%s-ubyte.gz", dataset.test(), 3);
    mutate(directory.resolve("train-images-idx3-ubyte.gz"), 64, GREY, directory);
    assertTrue(refused > MUTATIONS / 2, refused + " were refused");
  }

  @Test
  void cifar100() throws IOException {
    Cifar100SourceTest.write(directory, 6, 3);
    mutate(directory.resolve("train.bin"), 2, RGB, directory);
    mutate(directory.resolve("fine_label_names.txt"), 100, RGB, directory);
    assertTrue(refused > MUTATIONS / 4, refused + " were refused");
  }

  @Test
  void hdf5() throws IOException {
    Path file = directory.resolve("a.h5");
    WrittenImages.hdf5(file, WrittenImages.dataset(GREY, 20, 10, 1), true);
    mutate(file, 1 << 20, GREY, file);
    assertTrue(refused > MUTATIONS / 10, refused + " were refused");
  }

  @Test
  void hdf5InChunks() throws IOException {
    Path plain = directory.resolve("a.h5");
    WrittenImages.hdf5(plain, WrittenImages.dataset(GREY, 20, 10, 1), true);
    for (String version : new String[] {"earliest", "latest"}) {
      Path file = directory.resolve(version + ".hdf5");
      ForeignReader.h5py(
          plain,
          """
          g = h5py.File('%s', 'w', libver='%s')
          for n in ('train/images', 'train/labels', 'test/images', 'test/labels'):
              g.create_dataset(n, data=f[n][()], compression='gzip', chunks=True)
          g.close()
          """
              .formatted(file, version));
      refused = 0;
      mutate(file, 1 << 20, GREY, file);
      assertTrue(refused > MUTATIONS / 10, refused + " were refused");
    }
  }

  @Test
  void pictures() throws IOException {
    WrittenImages.pictures(directory, WrittenImages.dataset(GREY, 9, 3, 1).train());
    mutate(directory.resolve("ant/00000.png"), 60, GREY, directory);
    assertTrue(refused > MUTATIONS / 2, refused + " were refused");
  }
}
