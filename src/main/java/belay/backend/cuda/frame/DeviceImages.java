package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Arena;
import jcuda.Pointer;

/**
 * A set of images on the device.
 *
 * @param pixels bytes [count, C, H, W]
 * @param targets what a network is to reconstruct, bytes [count, C, H, W]; pixels where those have
 *     no noise
 * @param labels class of each image, bytes [count]
 * @param others class of what is mixed with each, bytes [count]; null where nothing is
 * @param shares of each image in its mixture, ints [count] in 1/65536; null where nothing is mixed
 */
public record DeviceImages(
    Arena.Slice pixels,
    Arena.Slice targets,
    Arena.Slice labels,
    Arena.Slice others,
    Arena.Slice shares) {
  /**
   * Room for a set.
   *
   * @param bytes of all pixels
   * @param count of images
   */
  public static DeviceImages reserve(Arena arena, int bytes, int count) {
    Arena.Slice pixels = arena.reserve(bytes);
    return new DeviceImages(pixels, pixels, arena.reserve(count), null, null);
  }

  /** The same for mixtures. */
  DeviceImages withMixtures(Arena arena, int count) {
    return new DeviceImages(
        pixels, targets, labels, arena.reserve(count), arena.reserve(4L * count));
  }

  /** The same for pixels with noise. */
  DeviceImages withTargets(Arena arena) {
    return new DeviceImages(pixels, arena.reserve(pixels.bytes()), labels, others, shares);
  }

  /** Copies a set there. */
  public void upload(byte[] itsPixels, byte[] itsLabels) {
    pixels.upload(Pointer.to(itsPixels), itsPixels.length);
    labels.upload(Pointer.to(itsLabels), itsLabels.length);
  }
}
