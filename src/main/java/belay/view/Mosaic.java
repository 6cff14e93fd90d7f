package belay.view;

import java.util.ArrayList;
import java.util.List;

/** Small pictures of one size side by side in one image, with clear gaps between them. */
public final class Mosaic {
  private static final int OPAQUE = 0xFF;

  private final int tileHeight;
  private final int tileWidth;
  private final int columns;
  private final int gap;
  private final List<byte[]> tiles = new ArrayList<>();

  /**
   * @param columns tiles in a row at most
   * @param gap pixels between two tiles
   */
  public Mosaic(int tileHeight, int tileWidth, int columns, int gap) {
    this.tileHeight = tileHeight;
    this.tileWidth = tileWidth;
    this.columns = columns;
    this.gap = gap;
  }

  /**
   * Adds a tile.
   *
   * @param rgb row-major bytes [tileHeight, tileWidth, 3]
   */
  public Mosaic add(byte[] rgb) {
    if (rgb.length != tileHeight * tileWidth * 3) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are no tile of " + tileHeight + " x " + tileWidth + " x 3");
    }
    tiles.add(rgb);
    return this;
  }

  /** All tiles with each pixel as a square of so many, for a viewer that does not enlarge. */
  public Mosaic enlarged(int times) {
    Mosaic larger = new Mosaic(tileHeight * times, tileWidth * times, columns, gap * times);
    for (byte[] tile : tiles) {
      byte[] rgb = new byte[tile.length * times * times];
      for (int i = 0; i < rgb.length; i++) {
        int pixel = i / 3;
        int y = pixel / (tileWidth * times) / times;
        int x = pixel % (tileWidth * times) / times;
        rgb[i] = tile[(y * tileWidth + x) * 3 + i % 3];
      }
      larger.add(rgb);
    }
    return larger;
  }

  /**
   * @param description what it shows, for those who do not see it
   */
  public Picture picture(String description) {
    int across = Math.min(columns, Math.max(1, tiles.size()));
    int down = Math.max(1, (tiles.size() + columns - 1) / columns);
    int width = across * (tileWidth + gap) - gap;
    int height = down * (tileHeight + gap) - gap;
    byte[] rgba = new byte[width * height * 4];
    for (int i = 0; i < tiles.size(); i++) {
      int top = i / columns * (tileHeight + gap);
      int left = i % columns * (tileWidth + gap);
      draw(tiles.get(i), rgba, top * width + left, width);
    }
    return new Picture(Png.encode(width, height, rgba), width, height, description);
  }

  private void draw(byte[] rgb, byte[] rgba, int first, int width) {
    for (int y = 0; y < tileHeight; y++) {
      for (int x = 0; x < tileWidth; x++) {
        int source = (y * tileWidth + x) * 3;
        int target = (first + y * width + x) * 4;
        System.arraycopy(rgb, source, rgba, target, 3);
        rgba[target + 3] = (byte) OPAQUE;
      }
    }
  }
}
