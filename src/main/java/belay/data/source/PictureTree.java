package belay.data.source;

import belay.data.picture.PictureFile;
import belay.error.DataException;
import belay.log.Printable;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory with a directory of pictures for each class, or with two such directories for
 * training and test images. Classes are in the order of their names.
 *
 * @param root names of pictures are below it
 * @param train holds the directories of the classes
 * @param test the same for test images, if there are any
 */
record PictureTree(Path root, Path train, Optional<Path> test) {
  private static final List<String> TRAIN = List.of("train", "training");
  private static final List<String> TEST = List.of("test", "testing", "val", "valid", "validation");
  private static final int DEPTH = 8;
  private static final int LONGEST_NAME = 200;

  /** Pictures of a class in the order of their names, however deep below its directory. */
  record OfClass(String name, List<Path> pictures) {}

  static Optional<PictureTree> find(Path root) {
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    Optional<Path> train = child(root, TRAIN);
    if (train.isPresent()) {
      return Optional.of(new PictureTree(root, train.get(), child(root, TEST)));
    }
    List<Path> directories = Folder.directories(root);
    if (directories.size() == 1) { // what an archive was unpacked to
      return find(directories.get(0));
    }
    refuseFlat(root, directories);
    return directories.stream().anyMatch(PictureTree::hasPicture)
        ? Optional.of(new PictureTree(root, root, Optional.empty()))
        : Optional.empty();
  }

  /** Training and test images without classes would become two classes of these names. */
  private static void refuseFlat(Path root, List<Path> directories) {
    boolean isFlat =
        directories.stream()
            .map(directory -> directory.getFileName().toString())
            .allMatch(name -> TRAIN.contains(name) || TEST.contains(name));
    if (isFlat && directories.stream().anyMatch(PictureTree::hasPicture)) {
      throw new DataException(
          "%s: holds pictures in %s without a directory for each class; make one for each"
              .formatted(root, directories.stream().map(Path::getFileName).toList()));
    }
  }

  private static Optional<Path> child(Path root, List<String> names) {
    return names.stream()
        .map(root::resolve)
        .filter(Files::isDirectory)
        .filter(home -> Folder.directories(home).stream().anyMatch(PictureTree::hasPicture))
        .findFirst();
  }

  /**
   * The classes of the training images.
   *
   * @throws DataException if there are fewer than two, too many, or one has no pictures
   */
  List<OfClass> classes() {
    List<OfClass> classes = classes(train);
    if (classes.size() < 2 || classes.size() > Labels.MOST) {
      throw new DataException(
          "%s: has %d directories of pictures, expected one for each of 2 to %d classes"
              .formatted(train, classes.size(), Labels.MOST));
    }
    return classes;
  }

  /**
   * The test images of the same classes, in the same order.
   *
   * @param names of the classes
   * @throws DataException if there is a class of test images alone
   */
  List<OfClass> testClasses(List<String> names) {
    List<OfClass> found = classes(test.orElseThrow());
    for (OfClass one : found) {
      if (!names.contains(one.name)) {
        throw new DataException(
            "%s: has no training images; expected the classes of %s"
                .formatted(test.orElseThrow().resolve(one.name), train));
      }
    }
    return names.stream()
        .map(
            name ->
                found.stream()
                    .filter(one -> one.name.equals(name))
                    .findFirst()
                    .orElse(new OfClass(name, List.of())))
        .toList();
  }

  private static List<OfClass> classes(Path home) {
    List<OfClass> classes = new ArrayList<>();
    for (Path directory : Folder.directories(home)) {
      List<Path> pictures = pictures(directory);
      if (pictures.isEmpty()) {
        throw new DataException(
            directory
                + ": holds no picture; a class has a directory of its pictures, remove others");
      }
      classes.add(new OfClass(name(directory), pictures));
    }
    return classes;
  }

  private static String name(Path directory) {
    String name = directory.getFileName().toString();
    if (name.isBlank() || name.length() > LONGEST_NAME || !Printable.is(name)) {
      throw new DataException(directory + ": is no name for a class; rename it");
    }
    return name;
  }

  private static boolean hasPicture(Path directory) {
    return !walk(directory, true).isEmpty();
  }

  /** All pictures below a directory, in the order of their names. */
  static List<Path> pictures(Path directory) {
    return walk(directory, false);
  }

  private static List<Path> walk(Path directory, boolean one) {
    try (Stream<Path> tree = Files.walk(directory, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      Stream<Path> pictures =
          tree.filter(PictureFile::isName).filter(file -> !isHidden(directory, file));
      return one
          ? pictures.filter(Files::isRegularFile).limit(1).toList()
          : pictures.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (UncheckedIOException e) {
      throw unreadable(directory, e.getCause());
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static boolean isHidden(Path directory, Path file) {
    for (Path step : directory.relativize(file)) {
      if (step.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static DataException unreadable(Path directory, IOException e) {
    return new DataException("Cannot list %s: %s".formatted(directory, DiskProblem.reason(e)), e);
  }
}
