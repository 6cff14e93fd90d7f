package belay.hdf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A memory disk of a few hundred kilobytes; tests skip where nobody may mount one. */
public final class SmallDisk implements AutoCloseable {
  private final Path directory;

  /**
   * @param directory empty; becomes the disk
   */
  public SmallDisk(Path directory, int kilobytes) throws IOException {
    this.directory = directory;
    String size = "size=" + kilobytes + "k";
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", size, "tmpfs", directory.toString()),
        "mounting needs root");
  }

  /** Writes until nothing more fits. */
  public void fill() throws IOException {
    try {
      Files.write(directory.resolve("ballast"), new byte[1 << 20]);
    } catch (IOException e) {
      return;
    }
    throw new IOException("the disk took a megabyte");
  }

  public void resize(int kilobytes) throws IOException {
    succeeds("mount", "-o", "remount,size=" + kilobytes + "k", directory.toString());
  }

  @Override
  public void close() throws IOException {
    succeeds("umount", directory.toString());
  }

  private static boolean succeeds(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      return false; // there is no mount command
    }
  }
}
