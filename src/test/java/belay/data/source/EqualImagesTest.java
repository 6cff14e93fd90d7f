package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import belay.data.CifarLayout;
import belay.data.CifarReader;
import belay.data.Dataset;
import belay.data.ImageShape;
import belay.data.RealImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same images have the same digest, whatever they lie in. */
class EqualImagesTest {
  private static final ImageShape RGB = new ImageShape(6, 5, 3);
  private static final ImageShape GREY = new ImageShape(6, 5, 1);

  @TempDir Path directory;

  private final Dataset colour = WrittenImages.dataset(RGB, 20, 10, 1);
  private final Dataset grey = WrittenImages.dataset(GREY, 20, 10, 2);

  private void isRead(Dataset expected, ImageShape shape) {
    Images images = WrittenImages.read(directory, shape);
    assertEquals(expected.digest(), images.dataset().digest());
    assertEquals(3, images.dataset().classNames().size());
    assertEquals(new SizeRange(5, 6, 5, 6), images.sizes());
    long count = ImageSources.find(WrittenImages.query(directory), shape).count();
    assertEquals(30, count);
    assertEquals(
        expected.test().digest(),
        ImageSources.find(WrittenImages.query(directory), shape)
            .readTest(Reading.whole())
            .digest());
  }

  @Test
  void recordsOfCifar() {
    WrittenImages.records(directory, colour);
    isRead(colour, RGB);
    assertEquals(WrittenImages.NAMES, WrittenImages.read(directory, RGB).dataset().classNames());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hdf5InBothOrders(boolean channelsLast) throws IOException {
    WrittenImages.hdf5(directory.resolve("a.h5"), colour, channelsLast);
    isRead(colour, RGB);
  }

  @Test
  void pictures() throws IOException {
    WrittenImages.pictures(directory.resolve("train"), colour.train());
    WrittenImages.pictures(directory.resolve("test"), colour.test());
    isRead(colour, RGB);
    assertEquals(WrittenImages.NAMES, WrittenImages.read(directory, RGB).dataset().classNames());
  }

  @Test
  void greyPictures() throws IOException {
    WrittenImages.pictures(directory.resolve("set/train"), grey.train());
    WrittenImages.pictures(directory.resolve("set/val"), grey.test());
    isRead(grey, GREY);
  }

  @Test
  void greyHdf5AndRecords() throws IOException {
    WrittenImages.hdf5(directory.resolve("a.hdf5"), grey, true);
    isRead(grey, GREY);
    WrittenImages.records(directory.resolve("records"), grey);
    assertEquals(
        grey.digest(), WrittenImages.read(directory.resolve("records"), GREY).dataset().digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s-%%s-ubyte",
        "%s-%%s-ubyte.gz",
        "MNIST/raw/%s-%%s-ubyte",
        "emnist-letters-%s-%%s-ubyte"
      })
  void idx(String pattern) throws IOException {
    WrittenImages.idx(directory, pattern.formatted("train"), grey.train(), 3);
    WrittenImages.idx(directory, pattern.formatted("t10k"), grey.test(), 3);
    isRead(grey, GREY);
  }

  @Test
  void idxWithDotsInItsNames() throws IOException {
    WrittenImages.mnist(directory, grey);
    for (String set : new String[] {"train", "t10k"}) {
      for (String kind : new String[] {"images", "labels"}) {
        String end = kind.equals("images") ? "idx3-ubyte" : "idx1-ubyte";
        Files.move(
            directory.resolve(set + "-" + kind + "-" + end),
            directory.resolve(set + "-" + kind + "." + end));
      }
    }
    isRead(grey, GREY);
  }

  @Test
  void idxInColour() throws IOException {
    WrittenImages.idx(directory, "train-%s-ubyte", colour.train(), 4);
    WrittenImages.idx(directory, "t10k-%s-ubyte", colour.test(), 4);
    isRead(colour, RGB);
  }

  /** A file and the same in gzip are one set. */
  @Test
  void thePlainFileWins() throws IOException {
    WrittenImages.mnist(directory, grey);
    Dataset other = WrittenImages.dataset(GREY, 20, 10, 3);
    WrittenImages.idx(directory, "train-%s-ubyte.gz", other.train(), 3);
    isRead(grey, GREY);
  }

  @Test
  void theRealImages() {
    Path home = RealImages.require();
    Dataset today = new CifarReader(home, CifarLayout.CIFAR10).read();
    Dataset found = WrittenImages.read(home, new ImageShape(32, 32, 3)).dataset();
    assertEquals(today.digest(), found.digest());
    assertEquals(today.classNames(), found.classNames());
    assertEquals(today.train().format(), found.train().format());
    assertNotEquals(colour.digest(), found.digest());
  }
}
