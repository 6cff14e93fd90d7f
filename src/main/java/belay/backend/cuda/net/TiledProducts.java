package belay.backend.cuda.net;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.Epilogue;
import belay.backend.cuda.kernels.GatherGemmAnyKernels;
import belay.backend.cuda.kernels.GatherGemmKernels;
import belay.backend.cuda.kernels.Geometry;
import belay.backend.cuda.kernels.Operands;
import belay.backend.cuda.kernels.TensorGatherGemmKernels;
import belay.backend.cuda.kernels.TensorWeightGradientKernels;
import belay.backend.cuda.kernels.Tile;
import belay.backend.cuda.kernels.ValueType;
import belay.backend.cuda.kernels.WeightGradientAnyKernels;
import belay.backend.cuda.kernels.WeightGradientKernels;
import java.util.Comparator;
import java.util.List;

/** Products by the kernels of one number format; odd shapes fall back to kernels that take any. */
final class TiledProducts implements Products {
  /** Fewer pixels than this are not worth a block of their own. */
  private static final int LEAST_SHARE = 256;

  private final Format format;
  private final int multiprocessors;
  private final boolean tensor;
  private final List<Tile> gatherTiles;
  private final List<Tile> gradientTiles;

  /**
   * @param format f32 for multiply-adds of every tier, others for tensor cores
   * @param tier of the kernels, for example 80
   */
  TiledProducts(Format format, int multiprocessors, int tier) {
    this.format = format;
    this.multiprocessors = multiprocessors;
    this.tensor = format.core().isPresent();
    boolean volta = tier < 80;
    this.gatherTiles =
        !tensor
            ? GatherGemmKernels.TILES
            : volta ? TensorGatherGemmKernels.VOLTA_TILES : TensorGatherGemmKernels.TILES;
    this.gradientTiles =
        !tensor
            ? WeightGradientKernels.TILES
            : volta ? TensorWeightGradientKernels.VOLTA_TILES : TensorWeightGradientKernels.TILES;
  }

  @Override
  public boolean across(Geometry g) {
    return tensor && (isTiled(g) || format.type() != ValueType.F32);
  }

  @Override
  public boolean sumsColumns() {
    return tensor;
  }

  /** Whether whole accesses of 16 bytes fit. */
  private boolean isTiled(Geometry g) {
    int unit = tensor ? 8 : 4;
    return g.in().channels() % unit == 0
        && g.outputs() % unit == 0
        && (!tensor || g.taps() * g.taps() <= 32);
  }

  @Override
  public int gather(Tape tape, Geometry g, Epilogue epilogue, Operands o, int images) {
    Tile tile = gatherTile(g, images);
    tape.add(gatherCall(tile, g, epilogue, o, images));
    boolean sums = tensor && !isAny(tile) && o.columnSums() != null;
    return sums ? tile.down(g.pixels(images)) : 0;
  }

  private Call gatherCall(Tile tile, Geometry g, Epilogue epilogue, Operands o, int images) {
    if (isAny(tile)) {
      return GatherGemmAnyKernels.gather(format.type(), epilogue, g, o, images);
    }
    return format
        .core()
        .map(core -> TensorGatherGemmKernels.gather(core, tile, epilogue, g, o, images))
        .orElseGet(() -> GatherGemmKernels.gather(tile, epilogue, g, o, images));
  }

  private static boolean isAny(Tile tile) {
    return tile == GatherGemmAnyKernels.TILE || tile == WeightGradientAnyKernels.TILE;
  }

  private Tile gatherTile(Geometry g, int images) {
    if (!isTiled(g)) {
      return GatherGemmAnyKernels.TILE;
    }
    return gatherTiles.stream()
        .min(
            Comparator.comparingDouble(
                tile ->
                    tile.cost(
                        tile.blocks(g.pixels(images), g.outputs()) * g.phases(), multiprocessors)))
        .orElseThrow();
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
    long slots = (long) tile.resident() * multiprocessors;
    long most = g.pixels(images) / LEAST_SHARE;
    return (int) Math.max(1, Math.min(most, slots / tile.blocks(g.depth(), g.outputs())));
  }

  /** Pixels of one split: whole slabs of every kernel. */
  private static int share(Geometry g, int images, int splits) {
    int each = (g.pixels(images) + splits - 1) / splits;
    return (each + 63) / 64 * 64;
  }

  /** The tile that wastes least. */
  private Tile gradientTile(Geometry g) {
    if (!isTiled(g)) {
      return WeightGradientAnyKernels.TILE;
    }
    return gradientTiles.stream()
        .min(Comparator.comparingDouble(tile -> tile.area(g.depth(), g.outputs())))
        .orElseThrow();
  }

  @Override
  public boolean weightGradient(
      Tape tape,
      Geometry g,
      Arena.Slice x,
      Arena.Slice d,
      Address sums,
      Address columns,
      int images) {
    Tile tile = gradientTile(g);
    int share = share(g, images, splits(g, images));
    boolean own = !tensor || isAny(tile);
    tape.add(gradientCall(tile, g, x, d, sums, columns, images, share));
    return own && columns != null;
  }

  private Call gradientCall(
      Tile tile,
      Geometry g,
      Arena.Slice x,
      Arena.Slice d,
      Address sums,
      Address columns,
      int images,
      int share) {
    if (isAny(tile)) {
      return WeightGradientAnyKernels.gradient(
          format.type(), g, x, d, sums, columns, images, share);
    }
    return format
        .core()
        .map(core -> TensorWeightGradientKernels.gradient(core, tile, g, x, d, sums, images, share))
        .orElseGet(
            () -> WeightGradientKernels.gradient(tile, g, x, d, sums, columns, images, share));
  }
}
