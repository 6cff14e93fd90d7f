package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.Dataset;
import belay.data.ImageShape;
import belay.error.BelayException;
import belay.error.StoppedException;
import belay.hdf.Hdf5Reader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureSourceTest {
  private static final ImageShape STORED = new ImageShape(9, 12, 3);
  private static final ImageShape TAKEN = new ImageShape(4, 4, 3);
  private static final String CACHE = ".belay/pictures-4x4x3.h5";

  @TempDir Path directory;

  private final Dataset images = WrittenImages.dataset(STORED, 45, 1, 7);

  @BeforeEach
  void write() throws IOException {
    WrittenImages.pictures(directory, images.train());
  }

  private Images read() {
    return WrittenImages.read(directory, TAKEN);
  }

  private ImageQuery with(Path cache) {
    ImageQuery usual = WrittenImages.query(directory);
    return new ImageQuery(
        directory,
        usual.classes(),
        usual.trainFiles(),
        usual.testFiles(),
        usual.namesFile(),
        usual.hdf5(),
        20,
        false,
        Optional.of(cache));
  }

  private String refused() {
    String message = assertThrows(BelayException.class, this::read).getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  private Path cache() {
    return directory.resolve(CACHE);
  }

  @Test
  void aShareOfEachClassIsHeldOut() {
    Dataset dataset = read().dataset();
    assertEquals(36, dataset.train().count());
    assertEquals(9, dataset.test().count());
    int[] classes = new int[3];
    for (int i = 0; i < 9; i++) {
      classes[dataset.test().label(i)]++;
    }
    assertEquals(3, classes[0]);
    assertEquals(3, classes[2]);
  }

  /** So that the first images, as train.limit takes them, are of all classes. */
  @Test
  void classesTakeTurns() {
    Dataset dataset = read().dataset();
    for (int i = 0; i < 6; i++) {
      assertEquals(i % 3, dataset.train().label(i));
    }
  }

  @Test
  void threadsDoNotChangeABit() {
    ImageSource source = ImageSources.find(WrittenImages.query(directory), TAKEN);
    PictureList list = PictureList.of(PictureTree.find(directory).orElseThrow(), 20);
    String one =
        new PictureCrew(list, TAKEN).decode(new Reading(1, () -> false)).dataset().digest();
    String four =
        new PictureCrew(list, TAKEN).decode(new Reading(4, () -> false)).dataset().digest();
    assertEquals(one, four);
    assertEquals(one, source.read(Reading.whole()).dataset().digest());
  }

  @Test
  void whatWasDecodedIsKept() throws IOException {
    Images first = read();
    FileTime made = Files.getLastModifiedTime(cache());
    Images second = read();
    assertEquals(made, Files.getLastModifiedTime(cache()));
    assertEquals(first.dataset().digest(), second.dataset().digest());
    assertEquals(first.sizes(), second.sizes());
    assertEquals(first.dataset().classNames(), second.dataset().classNames());
    assertEquals(new SizeRange(12, 9, 12, 9), second.sizes());
  }

  /** It is the cache that is read: with another content, sealed anew, the images are others. */
  @Test
  void theKeptPicturesAreThoseThatAreRead() throws IOException {
    String key = read().dataset().digest();
    Path other = directory.resolveSibling(directory.getFileName() + "-other");
    WrittenImages.pictures(other, WrittenImages.dataset(STORED, 45, 1, 8).train());
    Dataset forged = WrittenImages.read(other, TAKEN).dataset();
    String sealed;
    try (Hdf5Reader reader = Hdf5Reader.open(cache())) {
      sealed = reader.text("/", "key");
    }
    new CacheFile(cache(), sealed, TAKEN).write(new Images(forged, List.of(), SizeRange.of(1, 1)));
    assertEquals(forged.digest(), read().dataset().digest());
    assertNotEquals(key, forged.digest());
  }

  @Test
  void aDamagedCacheIsMadeAgain() throws IOException {
    String digest = read().dataset().digest();
    long length = Files.size(cache());
    for (long at = 0; at < length; at += length / 23) {
      try (RandomAccessFile file = new RandomAccessFile(cache().toFile(), "rw")) {
        file.seek(at);
        int old = file.read();
        file.seek(at);
        file.write(old ^ 0x40);
      }
      assertEquals(digest, read().dataset().digest(), "byte " + at);
    }
    Files.write(cache(), new byte[] {1, 2, 3});
    assertEquals(digest, read().dataset().digest());
  }

  @Test
  void aStaleCacheIsMadeAgain() throws IOException {
    Dataset before = read().dataset();
    Path file = directory.resolve("bee/00001.png");
    byte[] other = Files.readAllBytes(directory.resolve("bee/00004.png"));
    Files.write(file, other);
    assertNotEquals(before.digest(), read().dataset().digest());
    Files.delete(directory.resolve("cat/00002.png"));
    assertEquals(
        before.train().count() + before.test().count() - 1,
        read().dataset().train().count() + read().dataset().test().count());
  }

  @Test
  void anotherDirectoryMayKeepThem() throws IOException {
    Path elsewhere = directory.resolveSibling(directory.getFileName() + "-cache");
    String digest =
        ImageSources.find(with(elsewhere), TAKEN).read(Reading.whole()).dataset().digest();
    assertTrue(Files.notExists(directory.resolve(".belay")));
    try (Stream<Path> made = Files.list(elsewhere)) {
      assertEquals(1, made.count());
    }
    assertEquals(digest, read().dataset().digest());
  }

  @Test
  void damagedPicturesAreNamedAndRefused() throws IOException {
    Files.write(directory.resolve("ant/00003.png"), new byte[] {1, 2});
    Files.write(directory.resolve("cat/00005.png"), new byte[0]);
    for (int time = 0; time < 2; time++) { // decoded, then from the cache
      String message = refused();
      assertTrue(message.contains(": 2 of 45 pictures cannot be read"), message);
      assertTrue(message.contains("ant/00003.png: is no PNG"), message);
      assertTrue(message.contains("data.skip-damaged = true"), message);
    }
    Images rest =
        ImageSources.find(WrittenImages.query(directory).skipDamaged(true), TAKEN)
            .read(Reading.whole());
    assertEquals(43, rest.dataset().train().count() + rest.dataset().test().count());
    assertEquals(2, rest.damaged().size());
  }

  /** The other pictures stay on their side, whether one of them is damaged or not. */
  @Test
  void aDamagedPictureMovesNoOther() throws IOException {
    Dataset before = read().dataset();
    Path train =
        PictureList.of(PictureTree.find(directory).orElseThrow(), 20).train().get(0).file();
    Files.write(train, new byte[] {0});
    Dataset after =
        ImageSources.find(WrittenImages.query(directory).skipDamaged(true), TAKEN)
            .read(Reading.whole())
            .dataset();
    assertEquals(before.test().digest(), after.test().digest());
    assertEquals(before.train().count() - 1, after.train().count());
  }

  @Test
  void decodingStopsWhenItIsAsked() {
    ImageSource source = ImageSources.find(WrittenImages.query(directory), TAKEN);
    assertThrows(StoppedException.class, () -> source.read(new Reading(1, () -> true)));
    assertTrue(Files.notExists(cache()));
  }

  @Test
  void aClassWithoutPicturesIsNamed() throws IOException {
    Files.createDirectory(directory.resolve("dog"));
    assertTrue(refused().contains("dog: holds no picture"), refused());
  }

  @Test
  void testImagesOfAnUnknownClassAreNamed() throws IOException {
    WrittenImages.pictures(directory.resolve("two/train"), images.train());
    WrittenImages.pictures(directory.resolve("two/test"), images.test());
    Files.move(directory.resolve("two/test/ant"), directory.resolve("two/test/zebra"));
    BelayException problem =
        assertThrows(
            BelayException.class, () -> WrittenImages.read(directory.resolve("two"), TAKEN));
    assertTrue(problem.getMessage().contains("zebra: has no training images"));
  }

  @Test
  void picturesWithoutClassesAreNotTwoClasses() throws IOException {
    Path flat = directory.resolve("flat");
    Files.createDirectory(flat);
    Files.move(directory.resolve("ant"), flat.resolve("train"));
    Files.move(directory.resolve("bee"), flat.resolve("test"));
    BelayException problem =
        assertThrows(BelayException.class, () -> WrittenImages.read(flat, TAKEN));
    assertTrue(
        problem.getMessage().contains("in [test, train] without a directory for each class"));
  }

  /** Of trains there are pictures too. */
  @Test
  void aClassMayBeCalledTrain() throws IOException {
    String digest = read().dataset().digest();
    Files.move(directory.resolve("cat"), directory.resolve("train"));
    Dataset renamed = read().dataset();
    assertEquals(List.of("ant", "bee", "train"), renamed.classNames());
    assertEquals(digest, renamed.digest());
  }

  @Test
  void aCacheThatCannotBeWrittenIsDoneWithout() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    Images images = ImageSources.find(with(file.resolve("cache")), TAKEN).read(Reading.whole());
    assertEquals(read().dataset().digest(), images.dataset().digest());
  }

  @Test
  void hiddenFilesAndTextsAreNoPictures() throws IOException {
    String digest = read().dataset().digest();
    Files.writeString(directory.resolve("ant/notes.txt"), "x");
    Files.writeString(directory.resolve("ant/._00001.png"), "x");
    assertEquals(digest, read().dataset().digest());
  }
}
