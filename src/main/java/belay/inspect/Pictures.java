package belay.inspect;

import belay.backend.Backend;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.Split;
import belay.data.source.Reading;
import belay.net.Parameter;
import belay.review.Decoder;
import belay.review.Tiles;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.view.Mosaic;
import belay.view.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** PNG files of what a checkpoint has learnt to see. */
public final class Pictures {
  private static final int ACROSS = 16;
  private static final int IMAGES = 16;
  private static final int GAP = 2;

  private final Checkpoint checkpoint;
  private final Path directory;

  private Pictures(Checkpoint checkpoint, Path directory) {
    this.checkpoint = checkpoint;
    this.directory = directory;
  }

  /**
   * Writes filters.png, the filters of the first layer, each from its smallest weight to its
   * largest; and reconstructions.png, the first test images with what comes back below them, where
   * the network reconstructs.
   *
   * @param checkpoint its file, or a run directory for the newest
   * @param backend to decode on
   * @param data directory of the images, if they have moved since the training
   * @throws belay.error.DataException if the images are not there, or a file cannot be written
   */
  public static List<Path> write(
      Path checkpoint, Backend backend, Optional<Path> data, Path directory) {
    Pictures pictures = new Pictures(CheckpointFile.read(RunSheet.file(checkpoint)), directory);
    try {
      Files.createDirectories(directory);
      List<Path> files = new ArrayList<>();
      for (Parameter first : Tiles.firstKernel(pictures.checkpoint.network()).stream().toList()) {
        files.add(pictures.save("filters.png", pictures.filters(first)));
      }
      if (pictures.checkpoint.network().classes() == 0) {
        files.add(pictures.save("reconstructions.png", pictures.reconstructions(backend, data)));
      }
      return files;
    } catch (IOException e) {
      throw DiskProblem.of("write pictures into", directory, e);
    }
  }

  /**
   * Writes augmented.png: training images, each with its views in the first epochs.
   *
   * @param checkpoint its file, or a run directory for the newest
   * @param data directory of the images, if they have moved since the training
   * @param count of images at most
   * @throws belay.error.DataException if the images are not there, or the file cannot be written
   */
  public static Path writeAugmented(
      Path checkpoint, Optional<Path> data, int count, Path directory) {
    Pictures pictures = new Pictures(CheckpointFile.read(RunSheet.file(checkpoint)), directory);
    Checkpoint from = pictures.checkpoint;
    Path images = data.orElseGet(() -> TrainedOn.directory(from.configuration()));
    Dataset whole = TrainedOn.source(from, images).read(Reading.whole()).dataset();
    Dataset used = Split.of(from.configuration()).of(whole);
    try {
      Files.createDirectories(directory);
      return pictures.save("augmented.png", ContactSheet.of(from, used, count));
    } catch (IOException e) {
      throw DiskProblem.of("write pictures into", directory, e);
    }
  }

  private Path save(String name, Picture picture) throws IOException {
    Path file = directory.resolve(name);
    AtomicFile.write(file, picture.png());
    return file;
  }

  private Picture filters(Parameter first) {
    float[] kernel = Arrays.copyOfRange(checkpoint.state().weights(), first.offset(), first.end());
    List<Integer> shape = first.shape(); // [Kh, Kw, Cin, Cout]
    Mosaic mosaic = new Mosaic(shape.get(0), shape.get(1), ACROSS, 1);
    for (int i = 0; i < shape.get(3); i++) {
      mosaic.add(Tiles.filter(kernel, shape.get(0) * shape.get(1), shape.get(2), shape.get(3), i));
    }
    return mosaic.enlarged(8).picture("filters");
  }

  private Picture reconstructions(Backend backend, Optional<Path> data) {
    var keys = checkpoint.configuration();
    Path images = data.orElseGet(() -> TrainedOn.directory(keys));
    ImageSet some = TrainedOn.source(checkpoint, images).readTest(Reading.whole()).limit(IMAGES);
    float[] output =
        Decoder.reconstruct(
            backend, checkpoint.network(), checkpoint.state().inferenceWeights(), some);
    ImageFormat format = some.format();
    Mosaic mosaic = new Mosaic(format.height(), format.width(), some.count(), GAP);
    for (int i = 0; i < some.count(); i++) {
      mosaic.add(Tiles.stored(some, i));
    }
    int pixels = format.height() * format.width();
    for (int i = 0; i < some.count(); i++) {
      mosaic.add(Tiles.computed(output, i * format.imageBytes(), pixels, format.channels()));
    }
    return mosaic.enlarged(2).picture("reconstructions");
  }
}
