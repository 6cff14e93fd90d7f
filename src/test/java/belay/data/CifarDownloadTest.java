package belay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.BelayException;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.error.ExitCode;
import belay.error.StoppedException;
import belay.hdf.SmallDisk;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CifarDownloadTest {
  private static final SyntheticImages IMAGES = new SyntheticImages(1, 16, 16);
  private static final CifarLayout LAYOUT = CifarLayout.standard(IMAGES.format());
  private static final Dataset DATASET = IMAGES.dataset(200, 20);
  private static final BooleanSupplier NEVER = () -> false;

  @TempDir Path scratch;
  private Path directory;
  private byte[] archive;
  private String md5;
  private FileServer server;
  private TransferLimits limits = limits(1 << 20, Duration.ofMinutes(5));

  @BeforeEach
  void serve() throws IOException {
    directory = scratch.resolve("data");
    archive = TestArchive.of(DATASET, LAYOUT, scratch.resolve("source"));
    md5 = TestArchive.md5(archive);
    server = new FileServer(archive);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private CifarDownload download(URI url, BooleanSupplier stop) {
    return new CifarDownload(url, md5, directory, LAYOUT, TransferProgress.SILENT, stop, limits);
  }

  private static TransferLimits limits(long maxBytes, Duration window) {
    return new TransferLimits(maxBytes, Duration.ofMillis(1), window, 1 << 16);
  }

  private Path fetch() {
    return download(server.url(), NEVER).fetch();
  }

  private String refused(URI url) {
    BelayException problem = assertThrows(DataException.class, () -> download(url, NEVER).fetch());
    assertFalse(problem.getMessage().contains("\n"), problem.getMessage());
    assertEquals(ExitCode.DATA, problem.exitCode());
    return problem.getMessage();
  }

  private String refused() {
    return refused(server.url());
  }

  private static void contains(String message, String... words) {
    for (String word : words) {
      assertTrue(message.contains(word), () -> "'" + word + "' is missing in: " + message);
    }
  }

  private Path part() {
    return directory.resolve("set.tar.gz.part");
  }

  /** The data set is there, and nothing else. */
  private void isComplete() throws IOException {
    assertEquals(DATASET.digest(), new CifarReader(directory, LAYOUT).read().digest());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("cifar-10-batches-bin")), left.toList());
    }
  }

  @Test
  void downloadsChecksAndUnpacks() throws IOException {
    assertEquals(directory.resolve("cifar-10-batches-bin"), fetch());
    isComplete();
    assertEquals(DATASET.classNames(), new CifarReader(directory, LAYOUT).read().classNames());
  }

  @Test
  void doesNothingWhenTheDataSetIsThere() throws IOException {
    fetch();
    assertEquals(directory.resolve("cifar-10-batches-bin"), fetch());
    assertEquals(1, server.requests.size());
  }

  @Test
  void repairsADamagedDataSet() throws IOException {
    Files.write(fetch().resolve("data_batch_2.bin"), new byte[5]);
    fetch();
    isComplete();
  }

  @Test
  void tellsHowFarItIs() {
    AtomicLong last = new AtomicLong();
    AtomicLong total = new AtomicLong();
    TransferProgress progress =
        (bytes, all) -> {
          assertTrue(bytes >= last.get());
          last.set(bytes);
          total.set(all);
        };
    new CifarDownload(server.url(), md5, directory, LAYOUT, progress, NEVER).fetch();

    assertEquals(archive.length, last.get());
    assertEquals(archive.length, total.get());
  }

  @Test
  void continuesWhereTheConnectionBroke() throws IOException {
    server.faults.add(server.cut(50_000));
    server.faults.add(server.cut(30_000));
    fetch();

    isComplete();
    assertEquals(List.of("- -", "bytes=50000- \"one\"", "bytes=80000- \"one\""), server.requests);
  }

  @Test
  void theNextCommandContinuesWhereTheLastGaveUp() throws IOException {
    server.faults.add(server.cut(50_000));
    for (int i = 0; i < 4; i++) {
      server.faults.add(server.status(503));
    }
    contains(refused(), "503", "50000 bytes are kept", "after 5 attempts");
    assertEquals(50_000, Files.size(part()));
    server.requests.clear();
    fetch();

    isComplete();
    assertEquals(List.of("bytes=50000- \"one\""), server.requests);
  }

  @Test
  void continuesByDateWhereTheTagIsWeak() throws IOException {
    server.tag = "W/\"weak\"";
    server.modified = "Mon, 08 Jun 2009 20:21:00 GMT";
    server.faults.add(server.cut(50_000));
    fetch();

    isComplete();
    assertEquals("bytes=50000- " + server.modified, server.requests.get(1));
  }

  @Test
  void trustsTheChecksumWhereTheServerOffersNoValidator() throws IOException {
    server.tag = null;
    server.faults.add(server.cut(50_000));
    fetch();

    isComplete();
    assertEquals(List.of("- -", "bytes=50000- -"), server.requests);
  }

  @Test
  void startsOverWithoutChecksumAndValidator() throws IOException {
    md5 = "";
    server.tag = null;
    server.faults.add(server.cut(50_000));
    fetch();

    isComplete();
    assertEquals(List.of("- -", "- -"), server.requests);
  }

  @Test
  void startsOverWhenTheServerKnowsNoRange() throws IOException {
    server.ranges = false;
    server.faults.add(server.cut(50_000));
    fetch();

    isComplete();
    assertEquals(List.of("- -", "bytes=50000- \"one\""), server.requests);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void startsOverWhenTheContentChanged(boolean ifRange) throws IOException {
    byte[] newArchive = archive;
    server.content = new byte[90_000];
    server.ifRange = ifRange;
    server.faults.add(
        exchange -> {
          boolean met = server.cut(50_000).meet(exchange);
          server.content = newArchive;
          server.tag = "\"two\"";
          return met;
        });
    fetch();

    isComplete();
    assertEquals("bytes=50000- \"one\"", server.requests.get(1));
  }

  @Test
  void startsOverWhenThePartIsLongerThanTheFile() throws IOException {
    server.faults.add(server.cut(50_000));
    for (int i = 0; i < 4; i++) {
      server.faults.add(server.status(500));
    }
    refused();
    Files.write(part(), new byte[archive.length + 10]);
    fetch();

    isComplete();
  }

  @Test
  void startsOverFromAnotherMirror() throws IOException {
    server.faults.add(server.cut(50_000));
    for (int i = 0; i < 4; i++) {
      server.faults.add(server.status(500));
    }
    refused();
    try (FileServer mirror = new FileServer(archive)) {
      download(mirror.url(), NEVER).fetch();
      assertEquals(List.of("- -"), mirror.requests);
    }
    isComplete();
  }

  @Test
  void asksOnlyOnceMoreWhenTheServerSendsAnotherPart() throws IOException {
    server.faults.add(server.cut(50_000));
    server.faults.add(server.part("bytes 7-9/10"));
    fetch();

    isComplete();
    assertEquals(List.of("- -", "bytes=50000- \"one\"", "- -"), server.requests);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes 7-9/10", "bytes 3-9/*", "", "pages 1-2/2"})
  void refusesAServerThatSendsPartsWhichNobodyAskedFor(String range) {
    for (int i = 0; i < 100; i++) {
      server.faults.add(server.part(range));
    }
    contains(refused(), "a part that nobody asked for", "--url");
    assertEquals(1, server.requests.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesMoreThanADataSetMayHave(boolean chunked) {
    limits = limits(archive.length - 1, Duration.ofMinutes(5));
    server.chunked = chunked;
    contains(refused(), "or more, and no data set has more than " + (archive.length - 1));
    assertEquals(1, server.requests.size());
    assertFalse(Files.exists(part()));
  }

  @Test
  void aServerThatSendsAByteNowAndThenStalls() throws IOException {
    limits = limits(1 << 20, Duration.ofSeconds(2));
    server.faults.add(server.trickle());
    fetch();

    isComplete();
    assertEquals(2, server.requests.size());
    assertTrue(server.requests.get(1).startsWith("bytes="), server.requests::toString);
  }

  @Test
  void aServerThatTricklesItsHeadersStallsToo() throws Exception {
    limits = limits(1 << 20, Duration.ofSeconds(1));
    try (TricklingServer trickling = new TricklingServer()) {
      contains(refused(trickling.url()), "fewer than 65536 bytes", "after 5 attempts");
    }
  }

  @Test
  void oneThatBreaksAfterEveryFewBytesIsGivenUp() {
    for (int i = 0; i < 100; i++) {
      server.faults.add(server.cut(10));
    }
    contains(refused(), "after 5 attempts", "50 bytes are kept");
  }

  @Test
  void readsABodyOfUnknownLength() throws IOException {
    server.chunked = true;
    fetch();
    isComplete();
  }

  @Test
  void givesUpOnAServerThatAlwaysBreaksAtTheSamePlace() {
    server.ranges = false;
    for (int i = 0; i < 10; i++) {
      server.faults.add(server.cut(50_000));
    }
    contains(refused(), "connection closed after 50000 of " + archive.length, "login node");
    // Only the first attempt got farther than those before it.
    assertEquals(5, server.requests.size());
  }

  @Test
  void deletesADownloadWithAWrongChecksum() throws IOException {
    String expected = "0123456789abcdef0123456789abcdef";
    md5 = expected;
    contains(refused(), TestArchive.md5(archive), expected, "deleted", "--url");
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void deletesADownloadThatIsNoArchive() {
    server.content = "<html>Please log in</html>".getBytes();
    md5 = "";
    contains(refused(), "is no whole .tar.gz", "deleted");
    assertFalse(Files.exists(part()));
  }

  @Test
  void keepsAnAuthenticArchiveOfSomethingElse() throws IOException {
    server.content = new TestArchive().file("readme", "nothing here").finish();
    md5 = TestArchive.md5(server.content);
    contains(refused(), "does not hold", "data_batch_1.bin", "kept as");
    assertArrayEquals(server.content, Files.readAllBytes(part()));
  }

  @Test
  void writesNothingOutsideTheDirectory() throws IOException {
    server.content = new TestArchive().file("../evil", "x").finish();
    md5 = "";
    contains(refused(), "'../evil' leads out of the directory");
    assertFalse(Files.exists(scratch.resolve("evil")));
    assertFalse(Files.exists(directory.resolve("evil")));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 410})
  void doesNotInsistWhenTheServerRefuses(int status) {
    server.faults.add(server.status(status));
    contains(refused(), server.url() + " answers " + status, "--url", "login node", "data");
    assertEquals(1, server.requests.size());
  }

  @Test
  void triesAFailingServerAgain() throws IOException {
    server.faults.add(server.status(500));
    server.faults.add(server.status(429));
    fetch();

    isComplete();
    assertEquals(3, server.requests.size());
  }

  @Test
  void saysThatTheServerKeepsFailing() {
    for (int i = 0; i < 9; i++) {
      server.faults.add(server.status(500));
    }
    contains(refused(), "answers 500", "after 5 attempts", "--url");
    assertEquals(5, server.requests.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/elsewhere/x.tar.gz", "x.tar.gz", "http://127.0.0.1:PORT/y"})
  void followsRedirects(String location) throws IOException {
    server.faults.add(
        server.redirect(location.replace("PORT", Integer.toString(server.url().getPort()))));
    fetch();
    isComplete();
  }

  @Test
  void followsNoEndlessRedirects() {
    for (int i = 0; i < 9; i++) {
      server.faults.add(server.redirect("/again"));
    }
    contains(refused(), "more than 5 redirects");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "mailto:x", ":::"})
  void followsNoRedirectToSomethingElse(String location) {
    server.faults.add(server.redirect(location));
    contains(refused(), "redirects to", location);
  }

  @Test
  void saysThatTheHostIsUnknown() {
    contains(refused(URI.create("http://no-such-host.invalid/x.tar.gz")), "unknown host", "--url");
  }

  @Test
  void saysThatNothingListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    contains(refused(URI.create("http://127.0.0.1:" + port + "/x.tar.gz")), "connection refused");
  }

  @Test
  void saysThatTheDiskIsFullAndContinuesWhenThereIsRoom() throws IOException {
    Files.createDirectories(directory);
    try (SmallDisk disk = new SmallDisk(directory, 64)) {
      contains(refused(), "set.tar.gz.part: No space left on device", "free space", "continues");
      assertEquals(1, server.requests.size());
      disk.resize(4096);
      fetch();
      isComplete();
      assertTrue(server.requests.get(1).startsWith("bytes="), server.requests::toString);
    }
  }

  @Test
  void aPipeInPlaceOfThePartFileKeepsNobodyWaiting() throws Exception {
    Files.createDirectories(directory);
    assertEquals(0, new ProcessBuilder("mkfifo", part().toString()).start().waitFor());
    String pipe = "set.tar.gz.part is a pipe, socket or device, expected a regular file; remove it";
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> contains(refused(), pipe));
    new DownloadOrigin(server.url().toString(), "\"one\"", 0)
        .write(directory.resolve("set.tar.gz.part.origin"));
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> contains(refused(), pipe));
  }

  @Test
  void whatThePartFileIsLinkedToIsNotWritten() throws IOException {
    Path precious = Files.writeString(scratch.resolve("precious"), "precious");
    Files.createDirectories(directory);
    Files.createSymbolicLink(part(), precious);
    contains(refused(), "set.tar.gz.part is a symbolic link", "remove it");
    Files.delete(part());
    Files.createLink(part(), precious);
    contains(refused(), "set.tar.gz.part has another name too");
    assertEquals("precious", Files.readString(precious));
  }

  @Test
  void stopsWhileTheServerIsSilentAndKeepsWhatItHas() throws IOException {
    CountDownLatch stalled = new CountDownLatch(1);
    server.faults.add(server.stall(50_000, stalled));
    StoppedException stopped =
        assertThrows(
            StoppedException.class,
            () ->
                download(server.url(), () -> stalled.getCount() == 0 && length() == 50_000)
                    .fetch());

    assertEquals(ExitCode.RESUBMIT, stopped.exitCode());
    contains(stopped.getMessage(), "50000 bytes", "the same command continues");
    assertEquals(50_000, length());
  }

  private long length() {
    return part().toFile().length();
  }

  @Test
  void continuesAfterAStop() throws IOException {
    CountDownLatch broken = new CountDownLatch(1);
    server.faults.add(server.cut(50_000));
    server.faults.add(
        exchange -> {
          broken.countDown();
          return server.status(503).meet(exchange);
        });
    assertThrows(
        StoppedException.class, () -> download(server.url(), () -> broken.getCount() == 0).fetch());
    server.requests.clear();
    fetch();

    isComplete();
    assertEquals(List.of("bytes=50000- \"one\""), server.requests);
  }

  @Test
  void anUnpackingThatWasKilledBeginsAgainWithoutADownload() throws IOException {
    Files.createDirectories(directory.resolve(".unpacking/cifar-10-batches-bin"));
    Files.write(
        directory.resolve(".unpacking/cifar-10-batches-bin/data_batch_1.bin"), new byte[10]);
    Files.write(part(), archive);
    new DownloadOrigin(server.url().toString(), "\"one\"", archive.length)
        .write(directory.resolve("set.tar.gz.part.origin"));
    fetch();

    isComplete();
    assertEquals(List.of(), server.requests);
  }

  @Test
  void twoDownloadsDoNotWriteOneFile() throws IOException {
    Files.createDirectories(directory);
    PartFile other = new PartFile(directory.resolve("set.tar.gz"));
    try (PartFile.Sink sink = other.open(0, new DownloadOrigin("x", "", 5))) {
      sink.write(new byte[3], 3);
      contains(refused(), "another process is downloading");
    }
  }

  @Test
  void usesAnArchiveThatSomebodyPutThere() throws IOException {
    Files.createDirectories(directory);
    Path byHand = Files.write(directory.resolve("set.tar.gz"), archive);
    fetch();

    assertEquals(DATASET.digest(), new CifarReader(directory, LAYOUT).read().digest());
    assertEquals(List.of(), server.requests);
    assertTrue(Files.exists(byHand));
  }

  @Test
  void leavesAWrongArchiveThatSomebodyPutThere() throws IOException {
    Files.createDirectories(directory);
    Path byHand = Files.write(directory.resolve("set.tar.gz"), new byte[9]);
    contains(refused(), "set.tar.gz: has MD5", md5, "remove it");
    assertTrue(Files.exists(byHand));
  }

  @Test
  void readsAFileAddress() throws IOException {
    Path local = Files.write(scratch.resolve("local.tar.gz"), archive);
    download(local.toUri(), NEVER).fetch();

    isComplete();
    assertTrue(Files.exists(local));
    contains(refusedElsewhere(scratch.resolve("absent.tar.gz").toUri()), "it does not exist");
  }

  private String refusedElsewhere(URI url) {
    directory = scratch.resolve("elsewhere");
    return refused(url);
  }

  @Test
  void refusesWhatIsNoFileInPlaceOfAnArchive() throws Exception {
    Path pipe = scratch.resolve("pipe.tar.gz");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    contains(refused(pipe.toUri()), "is no regular file, expected the archive");
  }

  @Test
  void saysThatTheDirectoryCannotBeMade() throws IOException {
    directory = Files.writeString(scratch.resolve("file"), "").resolve("data");
    contains(refused(), "Cannot write into", "choose another directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host/x", "x.tar.gz", "http:/x", "file://host/x", "https:///x"})
  void otherAddressesAreRefused(String url) {
    ConfigurationException problem =
        assertThrows(ConfigurationException.class, () -> download(URI.create(url), NEVER));
    contains(problem.getMessage(), url, "must begin with https://");
  }

  @Test
  void anotherChecksumIsRefused() {
    md5 = "0123";
    contains(
        assertThrows(ConfigurationException.class, this::fetch).getMessage(), "32 hexadecimal");
  }
}
