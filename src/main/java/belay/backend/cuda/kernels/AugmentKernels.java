package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;

/** kernels/augment.cu: the images of a minibatch as training sees them. */
public final class AugmentKernels {
  private static final int THREADS = 256;

  private AugmentKernels() {}

  /**
   * @param changes whether more is done than to mirror, crop and cut out
   * @param number of images
   * @param images bytes [count, C, H, W]
   * @param labels bytes [count]
   * @param rows which images [number]; 0, 1, .. number - 1 afterwards
   * @param epoch [1] int
   * @param recipe as belay.data.augment.Recipe has it
   * @param out receives bytes [number, C, H, W]
   * @param clean receives bytes [number, C, H, W], what they were without noise; null where there
   *     is none
   * @param labelled receives bytes [number]
   * @param others receives bytes [number], the classes of what is mixed; null where nothing is
   * @param shares receives ints [number], of each image in its mixture, in 1/65536; null likewise
   * @param spare room for bytes [number, C, H, W]; null where nothing is mixed
   * @param befores the same for RandAugment; null without it
   * @param key of Philox for the seed and its purpose
   * @param count images of the set
   */
  public static Call augment(
      boolean changes,
      int number,
      Address images,
      Address labels,
      Address rows,
      Address epoch,
      Address recipe,
      Address out,
      Address clean,
      Address labelled,
      Address others,
      Address shares,
      Address spare,
      Address befores,
      long key,
      int count,
      Shape shape) {
    return Call.of("augment", "augment", changes ? "changes" : "moves")
        .in("byte", images)
        .in("byte", labels)
        .out("int", rows)
        .in("int", epoch)
        .in("Recipe", recipe)
        .out("byte", out)
        .out("byte", clean)
        .out("byte", labelled)
        .out("byte", others)
        .out("int", shares)
        .out("byte", spare)
        .out("byte", befores)
        .int64(key)
        .ints(count)
        .ints(shape.channels(), shape.height(), shape.width())
        .by(number, 1, 1, THREADS);
  }
}
