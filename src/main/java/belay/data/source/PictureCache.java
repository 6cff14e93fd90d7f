package belay.data.source;

import belay.data.ImageShape;
import belay.data.picture.PictureFile;
import belay.error.DataException;
import belay.hdf.Sha256;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Decodes pictures once for all runs: what they became stands in a file that checks itself. The
 * file counts only for the same names, lengths, times and shape, and for the arithmetic that made
 * it; any other, and one that is damaged, is made again. Processes that make it at once write the
 * same bytes, each beside its final name.
 */
final class PictureCache {
  private static final Logger LOG = System.getLogger("belay.data");
  private static final String HIDDEN = ".belay";

  private final ImageQuery query;
  private final Path root;
  private final ImageShape shape;

  PictureCache(ImageQuery query, Path root, ImageShape shape) {
    this.query = query;
    this.root = root;
    this.shape = shape;
  }

  /** What the pictures are, from the file or decoded now. */
  Images get(PictureList list, Reading how) {
    Optional<Path> directory = directory();
    if (directory.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "cache=none reason=\"{0} cannot be written\": pictures are decoded each time; set"
              + " data.cache to a directory of yours",
          root);
      return new PictureCrew(list, shape).decode(how);
    }
    CacheFile file = new CacheFile(directory.get().resolve(name()), key(list), shape);
    Optional<Images> kept = kept(file);
    if (kept.isPresent()) {
      LOG.log(Level.INFO, "cache=used file=%s pictures=%d".formatted(file.path(), list.count()));
      return kept.get();
    }
    Images images = new PictureCrew(list, shape).decode(how);
    keep(images, file);
    return images;
  }

  private static Optional<Images> kept(CacheFile file) {
    if (Files.notExists(file.path())) {
      return Optional.empty();
    }
    try {
      Optional<Images> images = file.read();
      if (images.isEmpty()) {
        LOG.log(Level.INFO, "cache=stale file={0}: other pictures than now", file.path());
      }
      return images;
    } catch (DataException e) {
      LOG.log(Level.WARNING, "cache=damaged: {0}; it is made again", e.getMessage());
      return Optional.empty();
    }
  }

  private static void keep(Images images, CacheFile file) {
    try {
      AtomicFile.createDirectories(file.path().toAbsolutePath().getParent());
      file.write(images);
      LOG.log(Level.INFO, "cache=made file={0}", file.path());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "cache=none file={0} reason=\"{1}\": pictures are decoded each time",
          file.path(),
          DiskProblem.reason(e));
    }
  }

  /** Several networks may take the same pictures in several shapes. */
  private String name() {
    String shapeText = "%dx%dx%d".formatted(shape.height(), shape.width(), shape.channels());
    String place = root.toAbsolutePath().normalize().toString();
    return query.cache().isEmpty()
        ? "pictures-%s.h5".formatted(shapeText)
        : "pictures-%s-%s.h5".formatted(Sha256.of(place).substring(0, 12), shapeText);
  }

  private Optional<Path> directory() {
    if (query.cache().isPresent()) {
      return query.cache();
    }
    Path hidden = root.resolve(HIDDEN);
    return Files.isWritable(Files.isDirectory(hidden) ? hidden : root)
        ? Optional.of(hidden)
        : Optional.empty();
  }

  private String key(PictureList list) {
    StringBuilder key = new StringBuilder();
    key.append("pictures ").append(PictureFile.ARITHMETIC).append('\n');
    key.append(shape).append('\n');
    key.append(list.train().size()).append(' ').append(list.test().size()).append('\n');
    for (PictureList.Entry entry : list.all()) {
      key.append(list.name(entry)).append('\0').append(state(entry.file())).append('\n');
    }
    return Sha256.of(key.toString());
  }

  private static String state(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.size() + " " + found.lastModifiedTime().toMillis();
    } catch (IOException e) {
      return "unreadable"; // which decoding will say of it too
    }
  }
}
