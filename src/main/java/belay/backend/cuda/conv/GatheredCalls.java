package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.Parts;

/** Arguments and grids that all kernels share which gather an image while they load it. */
final class GatheredCalls {
  private GatheredCalls() {}

  /**
   * In the order of kernels/gather.cuh.
   *
   * @param first grid pixel of the first image that is to be computed
   */
  static Call product(
      Call call, String type, Tile tile, Geometry g, Operands o, int images, int first) {
    call.in(type, o.x())
        .in(type, o.weights())
        .in("float", o.bias())
        .in(type, o.mask())
        .in(type, o.addend());
    call.out(type, o.y()).out("byte", o.argmax());
    return geometry(call, g, images)
        .ints(g.phaseStep(), g.phases() > 1 ? 2 : 1, first)
        .operations(g.operations(images))
        .by(
            tile.down(g.pixels(images) - first),
            tile.across(g.outputs()),
            g.phases(),
            tile.threads());
  }

  /**
   * In the order of kernels/weight_gradient.cu.
   *
   * @param parts of the pixels of the minibatch, of which the last ones may be missing
   * @param first pixel of the first shard that is to be computed
   */
  static Call gradient(
      Call call,
      String type,
      Tile tile,
      Geometry g,
      GradientOperands o,
      int images,
      Parts parts,
      int first) {
    int blocks = (g.pixels(images) + parts.share() - 1) / parts.share();
    call.in(type, o.x()).in(type, o.d()).out("float", o.sums()).out("float", o.columns());
    return parts
        .cuts(geometry(call, g, images))
        .ints(first)
        .operations(g.operations(images))
        .by(tile.down(g.depth()), tile.across(g.outputs()), blocks, tile.threads());
  }

  /** What both begin with: the image, the grid, the taps. */
  private static Call geometry(Call call, Geometry g, int images) {
    return call.ints(images, g.in().height(), g.in().width(), g.in().channels())
        .ints(g.grid().height(), g.grid().width(), g.outputs())
        .ints(g.taps(), g.taps(), g.stride(), g.offset(), g.offset());
  }
}
