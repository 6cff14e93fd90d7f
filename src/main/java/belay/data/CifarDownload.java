package belay.data;

import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.log.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Gets a data set as a .tar.gz: downloads it, continuing what an earlier attempt began, compares
 * its checksum, unpacks it beside and renames. An archive that somebody put into the directory is
 * used instead of a download; a data set that is already there is left alone.
 */
public final class CifarDownload {
  private static final Logger LOG = System.getLogger("belay.data");
  private static final int BUFFER_BYTES = 1 << 16;
  // Above what a reader can hold: 2 GiB for each of training and test images.
  private static final long MAX_BYTES = 5L << 30;
  private static final int MAX_ENTRIES = 10_000;

  private final URI url;
  private final String md5;
  private final Path directory;
  private final CifarLayout layout;
  private final TransferProgress progress;
  private final BooleanSupplier stop;
  private final TransferLimits limits;

  /**
   * @param url http, https or file
   * @param md5 of the archive in hexadecimal; empty for no check
   * @param directory where to unpack; made if absent
   * @param layout the files that the archive must hold
   * @throws ConfigurationException if the address or the checksum is malformed
   */
  public CifarDownload(
      URI url,
      String md5,
      Path directory,
      CifarLayout layout,
      TransferProgress progress,
      BooleanSupplier stop) {
    this(url, md5, directory, layout, progress, stop, TransferLimits.usual(MAX_BYTES));
  }

  CifarDownload(
      URI url,
      String md5,
      Path directory,
      CifarLayout layout,
      TransferProgress progress,
      BooleanSupplier stop,
      TransferLimits limits) {
    this.url = checked(url);
    this.md5 = checked(md5.toLowerCase(Locale.ROOT));
    this.directory = directory;
    this.layout = layout;
    this.progress = progress;
    this.stop = stop;
    this.limits = limits;
  }

  /**
   * Does whatever is still missing.
   *
   * @return the directory that holds the files
   * @throws DataException if the archive cannot be had, has another checksum or does not hold the
   *     files; the message says what to do
   * @throws StoppedException if {@code stop} becomes true; the same command continues
   */
  public Path fetch() {
    Optional<Path> present = present();
    if (present.isPresent()) {
      LOG.log(Level.INFO, "fetch=complete directory={0} already-there=true", present.get());
      return present.get();
    }
    try {
      Files.createDirectories(directory);
      obtain();
    } catch (IOException e) {
      throw new DataException(
          "Cannot write into %s: %s; free space or choose another directory"
              .formatted(directory, Reason.of(e)),
          e);
    }
    Path home = new CifarReader(directory, layout).check();
    LOG.log(Level.INFO, "fetch=complete directory={0} already-there=false", home);
    return home;
  }

  private Optional<Path> present() {
    try {
      return Optional.of(new CifarReader(directory, layout).check());
    } catch (DataException e) {
      return Optional.empty();
    }
  }

  private void obtain() throws IOException {
    Path local = isFile(url) ? Path.of(url) : directory.resolve(archiveName());
    if (isFile(url) || Files.isRegularFile(local)) {
      use(local);
    } else {
      download(new PartFile(local));
    }
  }

  /** Somebody else's file: whatever is wrong with it, it stays. */
  private void use(Path archive) throws IOException {
    if (Files.exists(archive) && !Files.isRegularFile(archive)) {
      throw new DataException(archive + ": is no regular file, expected the archive");
    }
    try {
      verify(archive);
      unpack(archive);
    } catch (Refusal e) {
      throw new DataException(
          "%s: %s; remove it, or set data.url and data.md5 to the archive that you mean"
              .formatted(archive, e.getMessage()),
          e);
    }
  }

  private void download(PartFile part) throws IOException {
    new HttpDownload(url, part, !md5.isEmpty(), progress, stop, limits).run();
    boolean authentic = false;
    try {
      verify(part.path());
      authentic = !md5.isEmpty();
      unpack(part.path());
    } catch (Refusal e) {
      if (authentic) {
        throw new DataException(
            "%s: %s; is it the data set that the configuration describes? It is kept as %s"
                .formatted(url, e.getMessage(), part.path()),
            e);
      }
      part.delete();
      throw new DataException(
          "%s: %s; the download is deleted. Run the same command again, or name a mirror with --url"
              .formatted(url, e.getMessage()),
          e);
    }
    part.delete();
  }

  private void verify(Path archive) throws Refusal {
    String actual = md5.isEmpty() ? md5 : md5Of(archive);
    if (!actual.equals(md5)) {
      throw new Refusal("has MD5 %s, expected %s".formatted(actual, md5));
    }
  }

  private String md5Of(Path archive) {
    try (InputStream in = Files.newInputStream(archive)) {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        if (stop.getAsBoolean()) {
          throw new StoppedException(
              "Check of %s stopped; the same command continues".formatted(archive));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new DataException("Cannot read %s: %s".formatted(archive, Reason.of(e)), e);
    } catch (NoSuchAlgorithmException e) {
      throw new DataException("This Java runtime has no MD5; set data.md5 to nothing", e);
    }
  }

  private void unpack(Path archive) throws IOException {
    UnpackingDirectory unpacking = new UnpackingDirectory(directory);
    unpacking.begin();
    try {
      new TarArchive(archive, MAX_BYTES, MAX_ENTRIES).unpack(unpacking.path(), stop);
      forceFiles(requireFiles(unpacking.path()));
      unpacking.publish();
    } finally {
      unpacking.delete();
    }
  }

  /** Only what the next command looks for; an archive may hold thousands of others. */
  private void forceFiles(Path home) throws IOException {
    for (String name : layout.recordFiles().toList()) {
      try (FileChannel file = FileChannel.open(home.resolve(name), StandardOpenOption.WRITE)) {
        file.force(true);
      }
    }
  }

  /** Returns the directory that holds the files. */
  private Path requireFiles(Path unpacked) throws Refusal {
    try {
      return new CifarReader(unpacked, layout).check();
    } catch (DataException e) {
      throw new Refusal(
          "does not hold %s and %s in the format that data.height, data.width and data.channels say"
              .formatted(layout.trainFiles(), layout.testFiles()));
    }
  }

  private String archiveName() {
    String path = Optional.ofNullable(url.getPath()).orElse("");
    String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    return name.matches("\\.*") ? "archive.tar.gz" : name;
  }

  private static boolean isFile(URI url) {
    return "file".equalsIgnoreCase(url.getScheme());
  }

  private static URI checked(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean web = scheme.matches("https?") && url.getHost() != null;
    boolean file = isFile(url) && url.getPath() != null && url.getAuthority() == null;
    if (!web && !file) {
      throw new ConfigurationException(
          "data.url = %s must begin with https://HOST/, http://HOST/ or file:///"
              .formatted(Secrets.hideAddress(url.toString())));
    }
    return url;
  }

  private static String checked(String md5) {
    if (!md5.matches("([0-9a-f]{32})?")) {
      throw new ConfigurationException(
          "data.md5 = %s must be 32 hexadecimal digits, or nothing for no check".formatted(md5));
    }
    return md5;
  }
}
