package belay.cli;

import belay.cli.option.OptionRange;
import belay.data.CifarLayout;
import belay.data.CifarWriter;
import belay.data.SyntheticImages;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the synthetic data set. */
@Command(
    name = "sample",
    description = {
      "Makes a small synthetic data set in the layout of CIFAR-10: ten classes that differ in shape,"
          + " texture and colour.",
      ""
    })
final class SampleCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Where to write; made if absent.")
  private Path directory;

  @Option(
      names = "--train",
      paramLabel = "N",
      description = "Training images, ${DEFAULT-VALUE} if not given.")
  private int train = 2000;

  @Option(
      names = "--test",
      paramLabel = "N",
      description = "Test images, ${DEFAULT-VALUE} if not given.")
  private int test = 500;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed draws other images, ${DEFAULT-VALUE} if not given.")
  private long seed = 1;

  @Override
  public Integer call() {
    OptionRange.atLeast(1, "--train", train);
    OptionRange.atLeast(1, "--test", test);
    write(directory, train, test, seed);
    return 0;
  }

  static void write(Path directory, int train, int test, long seed) {
    SyntheticImages images = new SyntheticImages(seed, 32, 32);
    new CifarWriter(directory, CifarLayout.standard(images.format()))
        .write(images.dataset(train, test));
    System.out.printf("%,d training and %,d test images in %s%n", train, test, directory);
  }
}
