package belay.backend.cuda;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import jcuda.driver.CUdeviceptr;

/** Products by the kernels of one number format; odd shapes fall back to kernels that take any. */
final class TiledProducts implements Products {
  /** Fewer pixels than this are not worth a block of their own. */
  private static final int LEAST_SHARE = 256;

  private static final Tile ANY = new Tile("any", 64, 64, 256, 0, 4, 1);
  private static final List<Tile> SIMT_GATHER =
      List.of(
          new Tile("128x128", 128, 128, 256, 0, 2, 1),
          new Tile("128x64", 128, 64, 128, 0, 3, 0.95),
          new Tile("64x64", 64, 64, 64, 0, 6, 0.85));
  private static final List<Tile> SIMT_GRADIENT =
      List.of(
          new Tile("128x128", 128, 128, 256, 0, 2, 1),
          new Tile("64x128", 64, 128, 128, 0, 3, 0.95),
          new Tile("64x64", 64, 64, 64, 0, 6, 0.85),
          new Tile("32x128", 32, 128, 64, 0, 6, 0.85));
  private static final List<Tile> TENSOR_GATHER =
      List.of(
          new Tile("128x128", 128, 128, 128, 98304, 2, 1),
          new Tile("64x128", 64, 128, 128, 73728, 2, 0.8),
          new Tile("64x64", 64, 64, 128, 49152, 4, 0.6));
  private static final List<Tile> TENSOR_GRADIENT =
      List.of(
          new Tile("128x128", 128, 128, 128, 98304, 2, 1),
          new Tile("64x128", 64, 128, 128, 73728, 2, 0.8),
          new Tile("32x128", 32, 128, 128, 73728, 2, 0.6));

  /** Compute capability 7 has less shared memory and one tile for all. */
  private static final List<Tile> VOLTA = List.of(new Tile("64x128", 64, 128, 128, 34816, 2, 1));

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
    this.tensor = format != Format.F32;
    this.gatherTiles = !tensor ? SIMT_GATHER : tier < 80 ? VOLTA : TENSOR_GATHER;
    this.gradientTiles = !tensor ? SIMT_GRADIENT : tier < 80 ? VOLTA : TENSOR_GRADIENT;
  }

  @Override
  public boolean across(Geometry g) {
    return tensor && (isTiled(g) || !format.suffix().equals(Format.F32.suffix()));
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
    String type = tile == ANY ? format.suffix() : format.products();
    String name =
        "gather_gemm_%s_%s_%s"
            .formatted(epilogue.name().toLowerCase(Locale.ROOT), type, tile.name());
    boolean sums = tensor && tile != ANY;
    tape.add(
        tile == ANY ? "gather_gemm_any" : tensor ? "gather_gemm_" + type : "gather_gemm",
        name,
        tile.down(g.pixels(images)),
        tile.across(g.outputs()),
        g.phases(),
        tile.threads(),
        tile.shared(),
        g.operations(images),
        gatherArguments(g, o, images, sums));
    return sums && o.columnSums() != null ? tile.down(g.pixels(images)) : 0;
  }

  private Tile gatherTile(Geometry g, int images) {
    if (!isTiled(g)) {
      return ANY;
    }
    return gatherTiles.stream()
        .min(
            Comparator.comparingDouble(
                tile ->
                    tile.cost(
                        tile.blocks(g.pixels(images), g.outputs()) * g.phases(), multiprocessors)))
        .orElseThrow();
  }

  /** In the order of kernels/gather.cuh; tensor kernels take column sums as well. */
  private static Object[] gatherArguments(Geometry g, Operands o, int images, boolean sums) {
    boolean phased = g.phases() > 1;
    Object[] arguments = {
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
      phased ? 1 : 0,
      phased ? 2 : 1,
      o.columnSums()
    };
    return sums ? arguments : java.util.Arrays.copyOf(arguments, arguments.length - 1);
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
      return ANY;
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
      CUdeviceptr sums,
      CUdeviceptr columns,
      int images) {
    Tile tile = gradientTile(g);
    int splits = splits(g, images);
    boolean own = !tensor || tile == ANY;
    String kernel = own ? "weight_gradient" : "gather_weight_gradient";
    String type = own ? format.suffix() : format.products();
    tape.add(
        own ? tile == ANY ? kernel + "_any" : kernel : kernel + "_" + type,
        "%s_%s_%s".formatted(kernel, type, tile.name()),
        tile.down(g.depth()),
        tile.across(g.outputs()),
        splits,
        tile.threads(),
        tile.shared(),
        g.operations(images),
        new Object[] {
          x,
          d,
          sums,
          own ? columns : null,
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
          share(g, images, splits)
        });
    return own && columns != null;
  }
}
