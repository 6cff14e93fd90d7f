package belay.data.source;

import belay.data.CifarReader;
import belay.data.ImageShape;
import belay.error.ConfigurationException;
import belay.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Tells by what lies at a place in which format its images are, always the same way: records of
 * CIFAR-10 under the names of data.train-files and data.test-files, CIFAR-100, IDX, HDF5, pictures.
 */
public final class ImageSources {
  private static final int SHOWN = 4;

  private ImageSources() {}

  /**
   * Images for a network.
   *
   * @param wanted what the network takes
   * @throws DataException if there are none that are understood
   * @throws ConfigurationException if they have another shape
   */
  public static ImageSource fitting(ImageQuery query, ImageShape wanted) {
    ImageSource source = find(query, wanted);
    source.shape().ifPresent(shape -> checkFit(source, shape, wanted));
    return source;
  }

  /**
   * The same, whether the images fit or not.
   *
   * @throws DataException if there are none that are understood
   */
  public static ImageSource find(ImageQuery query, ImageShape wanted) {
    Path place = query.place();
    if (Files.notExists(place)) {
      throw new DataException(place + ": no such directory; " + CifarReader.WHERE_FROM);
    }
    if (!Files.isDirectory(place) && !Files.isRegularFile(place)) {
      throw new DataException(place + ": is neither a directory nor a regular file");
    }
    List<Supplier<Optional<ImageSource>>> formats =
        Files.isDirectory(place)
            ? List.of(
                () -> CifarSource.find(query, wanted),
                () -> Cifar100Source.find(query),
                () -> IdxSource.find(query),
                () -> Hdf5Source.find(query, wanted),
                () -> PictureSource.find(query, wanted))
            : List.of(() -> Hdf5Source.find(query, wanted));
    return formats.stream()
        .flatMap(format -> format.get().stream())
        .findFirst()
        .orElseThrow(() -> notUnderstood(place));
  }

  private static void checkFit(ImageSource source, ImageShape shape, ImageShape wanted) {
    if (!shape.equals(wanted)) {
      throw new ConfigurationException(
          ("%s: %s with images of %s, the network takes %s: choose one with 'input %dx%dx%d' as"
                  + " train.network; only pictures are scaled")
              .formatted(
                  source.place(),
                  source.format(),
                  shape,
                  wanted,
                  shape.height(),
                  shape.width(),
                  shape.channels()));
    }
  }

  private static DataException notUnderstood(Path place) {
    List<Path> entries = Folder.entries(place);
    String seen =
        Stream.concat(
                entries.stream().limit(SHOWN).map(ImageSources::shown),
                entries.size() > SHOWN
                    ? Stream.of("and %d more".formatted(entries.size() - SHOWN))
                    : Stream.of())
            .reduce((a, b) -> a + ", " + b)
            .orElse("nothing");
    return new DataException(
        ("%s: holds %s; expected records of CIFAR-10 or CIFAR-100, IDX files, an HDF5 file or a"
                + " directory of pictures for each class (docs/images.md); %s")
            .formatted(place, seen, CifarReader.WHERE_FROM));
  }

  private static String shown(Path entry) {
    return entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
  }
}
