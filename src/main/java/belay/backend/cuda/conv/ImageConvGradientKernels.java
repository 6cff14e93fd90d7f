package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.CoreType;
import belay.backend.cuda.kernels.Parts;
import belay.net.Shape;

/** kernels/tensor/image_conv_weight_gradient.cu: the first layer's gradient from images' bytes. */
public final class ImageConvGradientKernels {
  public static final String FILE = "image_conv_weight_gradient";
  public static final int COLUMNS = 256;

  /** Pooling windows of a tile. */
  public static final int WINDOWS = 16;

  private static final int BLOCKS_EACH = 2;
  private static final int THREADS = 128;
  private static final int SHARED = 43008;
  private static final int SHARED_WIDE = 75776;

  private ImageConvGradientKernels() {}

  /**
   * The parts of the gradient in tiles of pooling windows: two blocks stay on a multiprocessor.
   *
   * @param in shape of the images
   * @param shard images of each shard but the last one
   */
  public static Parts parts(Shape in, int images, int shard, int multiprocessors) {
    int all = images * tiles(in);
    int blocks = BLOCKS_EACH * multiprocessors;
    return new Parts(all, (all + blocks - 1) / blocks, shard * tiles(in));
  }

  /** A bound of the parts of every minibatch. */
  public static int mostParts(int shards, int multiprocessors) {
    return BLOCKS_EACH * multiprocessors + shards - 1;
  }

  /** Tiles of an image. */
  public static int tiles(Shape in) {
    return in.height() / 2 * ((in.width() / 2 + WINDOWS - 1) / WINDOWS);
  }

  /**
   * @param sums [parts][32][outputs] f32
   * @param images bytes [.., C, H, W]
   * @param rows which images [count]
   * @param d gradient of the pooled output [count, H/2, W/2, outputs]
   * @param argmax a byte a value
   * @param parts of the tiles of the minibatch, of which the last ones may be missing
   * @param first tile of the first shard that is to be computed
   */
  public static Call gradient(
      CoreType type,
      Address sums,
      Address images,
      Address rows,
      Address d,
      Address argmax,
      int count,
      Shape in,
      int outputs,
      Parts parts,
      int first) {
    int blocks = (count * tiles(in) + parts.share() - 1) / parts.share();
    Call call = Call.of(FILE, FILE, type.suffix());
    call.out("float", sums).in("byte", images).in("int", rows).in(type.c(), d).in("byte", argmax);
    call.ints(count, in.height(), in.width(), in.channels(), outputs);
    return parts
        .cuts(call)
        .ints(first)
        .by(blocks, (outputs + COLUMNS - 1) / COLUMNS, 1, THREADS)
        .shared(type.bytes() == 2 ? SHARED : SHARED_WIDE);
  }
}
