package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.picture.TestPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar finds the readers of pictures that it brings along: many libraries became one file. */
class DataIT {
  private static final int ADOBE = 0xEE;

  @TempDir Path directory;

  @Test
  void webpAndCmykAreRead() throws Exception {
    for (int i = 0; i < 5; i++) {
      write("blue/%d.webp".formatted(i), TestPictures.webp(4, 2, 0, 0, 200, 255, "00000000"));
      byte[] adobe = "Adobe\0\u0064\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
      byte[] red = TestPictures.jpeg(8, 8, i % 2 == 0, 255, 0, 0, 255);
      write("red/%d.jpg".formatted(i), TestPictures.withSegment(red, ADOBE, adobe));
    }
    Jar sheet = Jar.run(directory, "data", "set", "--json");
    assertEquals(0, sheet.exitCode(), sheet.output());
    assertTrue(sheet.output().contains("\"training-images\": 8"), sheet.output());
    assertTrue(sheet.output().contains("\"stored-as\": \"2 x 4 to 8 x 8\""), sheet.output());
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = directory.resolve("set").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
