package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.Dataset;
import belay.data.ImageShape;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.hdf.ForeignReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HDF5 files that h5py writes. */
class Hdf5SourceTest {
  private static final ImageShape SHAPE = new ImageShape(7, 5, 3);

  @TempDir Path directory;

  private final Dataset images = WrittenImages.dataset(SHAPE, 30, 12, 4);
  private Path plain;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    plain = directory.resolve("plain/a.h5");
    Files.createDirectory(plain.getParent());
    WrittenImages.hdf5(plain, images, true);
    file = directory.resolve("b.h5");
  }

  /**
   * Runs a program that writes g, with x, y, u and v the images and labels of training and test.
   *
   * @param options of h5py.File
   */
  private void h5py(String options, String program) {
    String head =
        """
        x, y, u, v = (f[n][()] for n in ('train/images', 'train/labels', 'test/images', 'test/labels'))
        g = h5py.File('%s', 'w'%s)
        """
            .formatted(file, options);
    ForeignReader.h5py(plain, head + program + "\ng.close()");
  }

  private void isRead() {
    assertEquals(images.digest(), WrittenImages.read(file, SHAPE).dataset().digest());
    assertEquals(42, ImageSources.find(WrittenImages.query(file), SHAPE).count());
  }

  private String refused() {
    String message =
        assertThrows(DataException.class, () -> WrittenImages.read(file, SHAPE)).getMessage();
    assertFalse(message.contains("\n"), message);
    assertTrue(message.contains("b.h5"), message);
    return message;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "chunks=(4, 7, 5, 3)",
        "chunks=(7, 3, 2, 2)",
        "chunks=(30, 7, 5, 3), compression='gzip'",
        "chunks=(4, 7, 2, 3), compression='gzip', shuffle=True, compression_opts=9",
        "compression='gzip', fletcher32=True",
        "compression='lzf'",
        "maxshape=(None, 7, 5, 3)"
      })
  void however(String storage) {
    for (String options : new String[] {"", ", libver='latest'"}) {
      h5py(
          options,
          """
          g.create_dataset('x_train', data=x, %1$s)
          g['y_train'] = y.astype('int32')
          g['x_test'] = u
          g['y_test'] = v.astype('>i2')
          """
              .formatted(storage));
      isRead();
    }
  }

  /** Programs may keep something of their own before the file. */
  @Test
  void behindAUserBlock() {
    h5py(
        ", userblock_size=1024",
        "g['x_train'] = x\ng['y_train'] = y\ng['x_test'] = u\ng['y_test'] = v");
    isRead();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uint8", "int8", "uint16", "int64", ">u4", ">i8"})
  void labelsOfAnyWidth(String type) {
    h5py(
        "",
        """
        g['train/images'] = x.transpose(0, 3, 1, 2)
        g['train/labels'] = y.astype('%1$s')[:, None]
        g['test/images'] = u.transpose(0, 3, 1, 2)
        g.create_dataset('test/labels', data=v.astype('%1$s'), compression='gzip')
        """
            .formatted(type));
    isRead();
  }

  private Dataset named(Hdf5Names names) {
    ImageQuery usual = WrittenImages.query(file);
    ImageQuery query =
        new ImageQuery(
            file,
            OptionalInt.empty(),
            usual.trainFiles(),
            usual.testFiles(),
            "",
            names,
            20,
            false,
            Optional.empty());
    return ImageSources.fitting(query, SHAPE).read(Reading.whole()).dataset();
  }

  @Test
  void namesMayBeSaid() {
    h5py("", "g['a/b'] = x\ng['c'] = y\ng['images'] = u\ng['labels'] = v");
    Hdf5Names all = new Hdf5Names("/a/b", "/c", "/images", "/labels");
    assertEquals(images.digest(), named(all).digest());
  }

  @Test
  void testImagesOfUsualNamesAreFoundBesideTrainingImagesThatWereNamed() {
    h5py("", "g['some'] = x\ng['y_train'] = y\ng['x_test'] = u\ng['y_test'] = v");
    assertEquals(images.digest(), named(new Hdf5Names("/some", "", "", "")).digest());
  }

  /** Coarse labels of training and fine ones of test images would make one set of two. */
  @Test
  void usualTestLabelsDoNotJoinLabelsThatWereNamed() {
    h5py("", "g['x_train'] = x\ng['coarse'] = y\ng['x_test'] = u\ng['y_test'] = v");
    assertEquals(24, named(new Hdf5Names("", "/coarse", "", "")).train().count());
  }

  @Test
  void testImagesAndTheirLabelsAreNamedTogether() {
    h5py("", "g['x_train'] = x\ng['y_train'] = y\ng['eval'] = u");
    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> named(new Hdf5Names("", "", "/eval", "")));
    assertTrue(refused.getMessage().contains("go together"), refused.getMessage());
  }

  @Test
  void aShareIsHeldOutWhereThereAreNoTestImages() {
    h5py("", "g['images'] = x\ng['labels'] = y");
    Dataset dataset = WrittenImages.read(file, SHAPE).dataset();
    assertEquals(24, dataset.train().count());
    assertEquals(6, dataset.test().count());
    assertEquals(3, dataset.classNames().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g['images'] = x.astype('float32')\ng['labels'] = y: /images holds no whole numbers",
        "g['images'] = x.astype('uint16')\ng['labels'] = y: expected 8 bits",
        "g['images'] = x\ng['labels'] = y + 0.5: /labels holds no whole numbers",
        "g['images'] = x\ng['labels'] = y - 1: label 0 is -1",
        "g['images'] = x\ng['labels'] = y + 300: label 0 is 300",
        "g['images'] = x\ng['labels'] = y[1:]: /labels has 29 labels, /images has 30 images",
        "g['images'] = x.reshape(30, -1)\ng['labels'] = y: /images has the shape [30, 105]",
        "g['pictures'] = x\ng['labels'] = y: has the datasets /labels, /pictures; expected /train",
        "g['images'] = x\ng['labels'] = h5py.SoftLink('/images'): has the datasets /images; expected",
        "g['images'] = x[:0]\ng['labels'] = y[:0]: has the shape [0, 7, 5, 3]",
        "g.create_dataset('images', (30, 7, 5, 3), 'u1', chunks=True)\ng['labels'] = y: holds nothing"
      })
  void whatDoesNotFitIsOneLine(String programAndProblem) {
    int split = programAndProblem.lastIndexOf(": ", programAndProblem.length());
    int at = programAndProblem.indexOf(": ", programAndProblem.lastIndexOf('\n'));
    h5py("", programAndProblem.substring(0, Math.min(at, split)));
    String expected = programAndProblem.substring(Math.min(at, split) + 2);
    String message = refused();
    assertTrue(message.contains(expected), () -> expected + " is missing in: " + message);
  }

  @Test
  void whatIsNoHdf5IsOneLine() throws IOException {
    Files.writeString(file, "not at all");
    assertTrue(refused().endsWith("b.h5: is not an HDF5 file"), refused());
    Files.write(file, new byte[0]);
    refused();
  }
}
