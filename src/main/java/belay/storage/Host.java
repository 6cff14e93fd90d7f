package belay.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine that this process runs on.
 *
 * @param name as the kernel knows it; never asked of a name server, which can take seconds
 * @param bootId differs between machines and between two starts of one; empty where the system has
 *     none
 */
public record Host(String name, String bootId) {
  private static final Path KERNEL = Path.of("/proc/sys/kernel");

  public static Host local() {
    return new Host(
        line(KERNEL.resolve("hostname"), "unknown"), line(KERNEL.resolve("random/boot_id"), ""));
  }

  private static String line(Path file, String otherwise) {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? otherwise : text;
    } catch (IOException e) {
      return otherwise;
    }
  }
}
