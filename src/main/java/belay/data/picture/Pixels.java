package belay.data.picture;

/**
 * A decoded picture.
 *
 * @param height rows
 * @param width columns
 * @param samples unsigned bytes [channels, height, width]; not copied
 */
record Pixels(int height, int width, int channels, byte[] samples) {
  int sample(int channel, int y, int x) {
    return samples[(channel * height + y) * width + x] & 0xFF;
  }
}
