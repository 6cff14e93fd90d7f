package belay.data;

import belay.error.ConfigurationException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The files of a data set in the layout of CIFAR-10's binary version.
 *
 * @param trainFiles files of training records, read in this order
 * @param testFiles files of test records, read in this order
 * @param namesFile text with the name of a class on each line; empty if there is none
 * @param format the layout of each record
 */
public record CifarLayout(
    List<String> trainFiles, List<String> testFiles, String namesFile, ImageFormat format) {
  /** CIFAR-10 as its authors publish it. */
  public static final CifarLayout CIFAR10 = standard(ImageFormat.CIFAR10);

  /**
   * @throws ConfigurationException if there is no training or no test file
   */
  public CifarLayout {
    trainFiles = List.copyOf(trainFiles);
    testFiles = List.copyOf(testFiles);
    if (trainFiles.isEmpty() || testFiles.isEmpty()) {
      throw new ConfigurationException(
          "A data set needs at least one training file and one test file");
    }
  }

  /** CIFAR-10's file names with another shape of images. */
  public static CifarLayout standard(ImageFormat format) {
    return new CifarLayout(
        IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList(),
        List.of("test_batch.bin"),
        "batches.meta.txt",
        format);
  }

  /** All files of records. */
  Stream<String> recordFiles() {
    return Stream.concat(trainFiles.stream(), testFiles.stream());
  }
}
