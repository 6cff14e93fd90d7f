package belay.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestViewsTest {
  /** Rows abc, def, ghi of one image. */
  private static final ImageSet IMAGE = set("abcdefghi");

  private static ImageSet set(String pixels) {
    byte[] bytes = pixels.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return new ImageSet(new ImageFormat(3, 3, 1, 2), bytes, new byte[] {1});
  }

  private static List<String> seen(TestViews views) {
    List<String> seen = new ArrayList<>();
    views.each(
        IMAGE,
        (image, weight) -> {
          String text = new String(image.pixels(), java.nio.charset.StandardCharsets.US_ASCII);
          seen.add(text + " " + weight);
          assertArrayEquals(IMAGE.labels(), image.labels());
        });
    return seen;
  }

  @Test
  void noneIsTheSetItself() {
    TestViews.NONE.each(IMAGE, (image, weight) -> assertSame(IMAGE, image));
    assertEquals(List.of("abcdefghi 1.0"), seen(TestViews.NONE));
  }

  @Test
  void mirrorCountsBothSidesAlike() {
    assertEquals(List.of("abcdefghi 0.5", "cbafedihg 0.5"), seen(TestViews.MIRROR));
  }

  @Test
  void shiftAddsAPixelAlongTheDiagonalBothWaysAndBorderReflects() {
    assertEquals(
        List.of(
            "abcdefghi 0.25",
            "edebabede 0.125",
            "efehihefe 0.125",
            "cbafedihg 0.25",
            "edebabede 0.125",
            "efehihefe 0.125"),
        seen(TestViews.SHIFT));
  }
}
