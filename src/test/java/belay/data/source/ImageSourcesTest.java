package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.Dataset;
import belay.data.ImageShape;
import belay.error.BelayException;
import belay.error.ConfigurationException;
import belay.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies at a place decides how it is read. */
class ImageSourcesTest {
  private static final ImageShape GREY = new ImageShape(6, 5, 1);

  @TempDir Path directory;

  private final Dataset grey = WrittenImages.dataset(GREY, 20, 10, 1);

  private String refused(Path place, ImageShape wanted) {
    String message =
        assertThrows(BelayException.class, () -> WrittenImages.read(place, wanted)).getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  private String format(Path place) {
    return ImageSources.find(WrittenImages.query(place), GREY).format();
  }

  @Test
  void whatIsNotUnderstoodIsSaidWithWhatWouldBe() throws IOException {
    assertTrue(refused(directory, GREY).contains("holds nothing; expected records of CIFAR-10"));
    for (String name : List.of("a.csv", "b.csv", "c.csv", "d.csv", "e.csv")) {
      Files.writeString(directory.resolve(name), "x");
    }
    Files.createDirectory(directory.resolve("0"));
    String message = refused(directory, GREY);
    assertTrue(message.contains("holds 0/, a.csv, b.csv, c.csv, and 2 more"), message);
    assertTrue(message.contains("belay fetch"), message);
  }

  @Test
  void aPlaceThatIsNotThereIsSaidWithWhereToGetOne() {
    assertTrue(
        refused(directory.resolve("x"), GREY).contains("x: no such directory; 'belay fetch"));
  }

  @Test
  void aDeviceIsRefused() {
    assertTrue(refused(Path.of("/dev/null"), GREY).contains("is neither a directory nor"));
  }

  /** The first in the list that finds something, whatever else lies beside it. */
  @Test
  void formatsHaveAnOrder() throws IOException {
    WrittenImages.pictures(directory, grey.train());
    assertEquals("a directory of pictures for each class", format(directory));
    WrittenImages.hdf5(directory.resolve("z.h5"), grey, true);
    assertEquals("an HDF5 file", format(directory));
    WrittenImages.mnist(directory, grey);
    assertEquals("IDX files", format(directory));
    Cifar100SourceTest.write(directory, 1, 1);
    assertEquals("CIFAR-100's records", format(directory));
    WrittenImages.records(directory, grey);
    assertEquals("records in the layout of CIFAR-10", format(directory));
  }

  @Test
  void imagesOfAnotherShapeAreRefusedAndNeverScaled() throws IOException {
    WrittenImages.mnist(directory, grey);
    ConfigurationException problem =
        assertThrows(
            ConfigurationException.class,
            () -> WrittenImages.read(directory, new ImageShape(6, 6, 3)));
    assertTrue(
        problem
            .getMessage()
            .endsWith(
                "IDX files with images of 6 x 5 x 1, the network takes 6 x 6 x 3: choose one with"
                    + " 'input 6x5x1' as train.network; only pictures are scaled"),
        problem.getMessage());
  }

  @Test
  void severalSetsAreNotGuessedAmong() throws IOException {
    WrittenImages.mnist(directory.resolve("a"), grey);
    WrittenImages.mnist(directory.resolve("b"), grey);
    assertTrue(refused(directory, GREY).contains("several data sets"));
    WrittenImages.idx(directory.resolve("a"), "mine-train-%s-ubyte", grey.train(), 3);
    assertTrue(refused(directory.resolve("a"), GREY).contains("holds several sets"));
  }

  @Test
  void aSetWithoutTestImagesGivesSome() throws IOException {
    WrittenImages.idx(directory, "train-%s-ubyte", grey.train(), 3);
    Dataset found = WrittenImages.read(directory, GREY).dataset();
    assertEquals(17, found.train().count());
    assertEquals(3, found.test().count());
  }

  @Test
  void missingPartsAreNamed() throws IOException {
    WrittenImages.mnist(directory, grey);
    Files.delete(directory.resolve("t10k-labels-idx1-ubyte"));
    assertTrue(refused(directory, GREY).contains("no t10k-labels-idx1-ubyte"));
    WrittenImages.idx(directory.resolve("t10k-labels-idx1-ubyte"), new int[] {3}, new byte[3]);
    assertTrue(refused(directory, GREY).contains("expected 10 labels"), refused(directory, GREY));
  }

  @Test
  void recordsWithoutNamesHaveAsManyClassesAsTheirLabels() throws IOException {
    WrittenImages.records(directory, grey);
    Files.delete(directory.resolve("batches.meta.txt"));
    Dataset found = WrittenImages.read(directory, GREY).dataset();
    assertEquals(List.of("0", "1", "2"), found.classNames());
    assertEquals(grey.digest(), found.digest());
  }

  @Test
  void namesDecideHowManyClassesThereAre() throws IOException {
    WrittenImages.records(directory, grey);
    Files.writeString(directory.resolve("batches.meta.txt"), "ant\nbee\n");
    DataException problem =
        assertThrows(DataException.class, () -> WrittenImages.read(directory, GREY));
    assertTrue(problem.getMessage().contains("has label 2, expected 0 to 1"));
  }
}
