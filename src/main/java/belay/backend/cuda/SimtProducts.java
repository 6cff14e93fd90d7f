package belay.backend.cuda;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import jcuda.driver.CUdeviceptr;

/** fp32 products by plain multiply-adds, for every tier. */
final class SimtProducts implements Products {
  /** Fewer pixels than this are not worth a block of their own. */
  private static final int LEAST_SHARE = 256;

  private static final Tile ANY = new Tile("any", 64, 64, 1, 1);
  private static final List<Tile> GATHER =
      List.of(
          new Tile("128x128", 128, 128, 2, 1),
          new Tile("128x64", 128, 64, 3, 0.95),
          new Tile("64x64", 64, 64, 6, 0.85));
  private static final List<Tile> GRADIENT =
      List.of(
          new Tile("128x128", 128, 128, 2, 1),
          new Tile("64x128", 64, 128, 3, 0.95),
          new Tile("64x64", 64, 64, 6, 0.85),
          new Tile("32x128", 32, 128, 6, 0.85));

  private final int multiprocessors;

  /**
   * A variant of a kernel.
   *
   * @param rows of the product that a block makes
   * @param columns of the product that a block makes
   * @param resident blocks on a multiprocessor at a time
   * @param efficiency relative to the largest tile
   */
  private record Tile(String name, int rows, int columns, int resident, double efficiency) {
    int across(int outputs) {
      return (outputs + columns - 1) / columns;
    }

    int down(long height) {
      return (int) ((height + rows - 1) / rows);
    }

    int threads() {
      return rows * columns / 64;
    }
  }

  SimtProducts(int multiprocessors) {
    this.multiprocessors = multiprocessors;
  }

  @Override
  public boolean across() {
    return false;
  }

  @Override
  public void gather(Tape tape, Geometry g, Epilogue epilogue, Operands o, int images) {
    Tile tile = gatherTile(g, images);
    tape.add(
        "gather_gemm",
        "gather_gemm_%s_f32_%s".formatted(epilogue.name().toLowerCase(Locale.ROOT), tile.name),
        tile.down(g.pixels(images)),
        tile.across(g.outputs()),
        g.phases(),
        tile.threads(),
        0,
        g.operations(images),
        gatherArguments(g, o, images));
  }

  /** In the order of kernels/gather_gemm.cu. */
  static Object[] gatherArguments(Geometry g, Operands o, int images) {
    return new Object[] {
      o.x(),
      o.weights(),
      o.bias(),
      o.mask(),
      o.y(),
      o.argmax(),
      images,
      g.in().height(),
      g.in().width(),
      g.in().channels(),
      g.grid().height(),
      g.grid().width(),
      g.outputs(),
      g.taps(),
      g.taps(),
      g.stride(),
      g.offset(),
      g.offset(),
      g.phases() == 1 ? 0 : 1,
      g.phases() == 1 ? 1 : 2
    };
  }

  private Tile gatherTile(Geometry g, int images) {
    if (!isWide(g)) {
      return ANY;
    }
    return GATHER.stream()
        .min(Comparator.comparingDouble(tile -> gatherCost(tile, g, images)))
        .orElseThrow();
  }

  /** Work of the busiest multiprocessor; one that holds a single block hides no latency. */
  private double gatherCost(Tile tile, Geometry g, int images) {
    long blocks = (long) tile.down(g.pixels(images)) * tile.across(g.outputs()) * g.phases();
    long each = (blocks + multiprocessors - 1) / multiprocessors;
    double alone = each < tile.resident ? 0.8 : 1;
    return each * tile.rows * tile.columns / (tile.efficiency * alone);
  }

  private static boolean isWide(Geometry g) {
    return g.in().channels() % 4 == 0 && g.outputs() % 4 == 0;
  }

  @Override
  public int splits(Geometry g, int images) {
    int share = share(g, images, mostSplits(g, images));
    return (g.pixels(images) + share - 1) / share;
  }

  /** One block for each place on the device, unless there are too few pixels. */
  @Override
  public int mostSplits(Geometry g, int images) {
    Tile tile = gradientTile(g);
    long slots = (long) tile.resident * multiprocessors;
    long blocks = (long) tile.down(g.depth()) * tile.across(g.outputs());
    long most = g.pixels(images) / LEAST_SHARE;
    return (int) Math.max(1, Math.min(most, slots / blocks));
  }

  /** Pixels of one split: whole slabs of 16. */
  private static int share(Geometry g, int images, int splits) {
    int each = (g.pixels(images) + splits - 1) / splits;
    return (each + 15) / 16 * 16;
  }

  /** The tile that wastes least. */
  private static Tile gradientTile(Geometry g) {
    if (!isWide(g)) {
      return ANY;
    }
    return GRADIENT.stream()
        .min(
            Comparator.comparingDouble(
                tile ->
                    (double) tile.down(g.depth())
                        * tile.rows
                        * tile.across(g.outputs())
                        * tile.columns
                        / tile.efficiency))
        .orElseThrow();
  }

  @Override
  public void weightGradient(
      Tape tape,
      Geometry g,
      Arena.Slice x,
      Arena.Slice d,
      CUdeviceptr sums,
      CUdeviceptr columns,
      int images) {
    Tile tile = gradientTile(g);
    int splits = splits(g, images);
    tape.add(
        "weight_gradient",
        "weight_gradient_f32_" + tile.name,
        tile.down(g.depth()),
        tile.across(g.outputs()),
        splits,
        tile.threads(),
        0,
        g.operations(images),
        gradientArguments(g, x, d, sums, columns, images, share(g, images, splits)));
  }

  /** In the order of kernels/weight_gradient.cu. */
  static Object[] gradientArguments(
      Geometry g,
      Arena.Slice x,
      Arena.Slice d,
      CUdeviceptr sums,
      CUdeviceptr columns,
      int images,
      int share) {
    return new Object[] {
      x,
      d,
      sums,
      columns,
      images,
      g.in().height(),
      g.in().width(),
      g.in().channels(),
      g.grid().height(),
      g.grid().width(),
      g.outputs(),
      g.taps(),
      g.taps(),
      g.stride(),
      g.offset(),
      g.offset(),
      share
    };
  }
}
