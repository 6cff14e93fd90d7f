package belay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The classes of target/belay.jar as Java keeps them in memory: whoever starts the jar hundreds of
 * times need not read and check them each time. Made once for a jar, from a whole pipeline.
 */
final class ClassArchive {
  /** The option of java that uses it. */
  static final String OPTION = option();

  private ClassArchive() {}

  private static String option() {
    try {
      return "-XX:SharedArchiveFile=" + make();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Path make() throws IOException, InterruptedException {
    String version = Long.toHexString(Files.getLastModifiedTime(Jar.PATH).toMillis());
    Path archive = Jar.PATH.resolveSibling("belay-" + version + ".jsa");
    if (!Files.exists(archive)) {
      Path directory = Files.createTempDirectory(Jar.PATH.getParent(), "archive");
      java(directory, List.of(), "sample", "data", "--train", "60", "--test", "20");
      List<String> dump = List.of("-XX:ArchiveClassesAtExit=" + directory.resolve("classes.jsa"));
      java(directory, dump, "pipeline", "--run", "run", "--conf", "demo", "--set", "data.dir=data");
      Files.move(
          directory.resolve("classes.jsa"), archive, StandardCopyOption.ATOMIC_MOVE); // two may try
    }
    return archive;
  }

  private static void java(Path directory, List<String> options, String... words)
      throws IOException, InterruptedException {
    List<String> command = Jar.command(Jar.PATH, options, words);
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new AssertionError(Files.readString(output));
    }
  }
}
