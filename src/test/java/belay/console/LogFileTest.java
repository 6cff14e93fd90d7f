package belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.hdf.SmallDisk;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final System.Logger LOG = System.getLogger("belay.test");

  private final PrintStream error = System.err;
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(console, true, StandardCharsets.UTF_8));
    Logging.toConsole(Level.INFO);
  }

  @AfterEach
  void restore() {
    System.setErr(error);
    Logging.toConsole(Level.INFO);
  }

  @Test
  void everyLineIsThereAtOnceBelowThoseOfEarlierAttempts() throws Exception {
    Path file = Files.writeString(directory.resolve("belay.log"), "earlier\n");
    Handler log = Logging.toFile(file);
    LOG.log(System.Logger.Level.INFO, "one");
    LOG.log(System.Logger.Level.INFO, "zwei: ü");
    List<String> lines = Files.readAllLines(file);
    Logging.close(log);
    assertEquals(3, lines.size());
    assertEquals("earlier", lines.get(0));
    assertTrue(lines.get(2).endsWith("INFO zwei: ü"), lines.get(2));
  }

  @Test
  void aFullDiskIsOneLineOnTheConsoleAndNoTrace() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory, 64)) {
      Path file = Files.createFile(directory.resolve("belay.log"));
      disk.fill();
      Handler log = Logging.toFile(file);
      LOG.log(System.Logger.Level.INFO, "one");
      LOG.log(System.Logger.Level.INFO, "two");
      disk.resize(256);
      LOG.log(System.Logger.Level.INFO, "three");
      Logging.close(log);

      String said = console.toString(StandardCharsets.UTF_8);
      assertEquals(4, said.lines().count(), said);
      assertEquals(
          1,
          said.lines()
              .filter(line -> line.contains("belay.log unwritten=\"No space left on device\""))
              .count(),
          said);
      assertTrue(Files.readString(file).endsWith("INFO three\n"));
    }
  }
}
