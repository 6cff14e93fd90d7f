package belay.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.report.SampleRun;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Read back by the JDK's own reader. */
class PngTest {
  @Test
  void anotherReaderSeesTheSamePixelsAndClearGaps() throws Exception {
    byte[] first = SampleRun.noise(1);
    byte[] second = SampleRun.noise(2);
    Picture picture = new Mosaic(32, 32, 1, 2).add(first).add(second).picture("noise");
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png()));
    assertEquals(32, image.getWidth());
    assertEquals(66, image.getHeight());
    assertEquals(0, image.getRGB(5, 32) >>> 24, "the gap is clear");
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        assertEquals(rgb(first, y, x), image.getRGB(x, y) & 0xFFFFFF);
        assertEquals(rgb(second, y, x), image.getRGB(x, y + 34) & 0xFFFFFF);
      }
    }
  }

  private static int rgb(byte[] pixels, int y, int x) {
    int at = (y * 32 + x) * 3;
    return (pixels[at] & 0xFF) << 16 | (pixels[at + 1] & 0xFF) << 8 | pixels[at + 2] & 0xFF;
  }
}
