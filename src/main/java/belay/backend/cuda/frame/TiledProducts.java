package belay.backend.cuda.frame;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.GatherGemmAnyKernels;
import belay.backend.cuda.conv.GatherGemmKernels;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.Operands;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.conv.TensorWeightGradientKernels;
import belay.backend.cuda.conv.Tile;
import belay.backend.cuda.conv.WeightGradientAnyKernels;
import belay.backend.cuda.conv.WeightGradientKernels;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.Parts;
import belay.backend.cuda.kernels.ValueType;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Products by the kernels of one number format; odd shapes fall back to kernels that take any. */
final class TiledProducts implements Products {
  private final Format format;
  private final int multiprocessors;
  private final boolean tensor;
  private final Layout layout;
  private final List<Tile> gatherTiles;
  private final List<Tile> gradientTiles;

  /**
   * @param format f32 for multiply-adds of every tier, others for tensor cores
   * @param tier of the kernels, for example 80
   */
  TiledProducts(Format format, int multiprocessors, int tier, Layout layout) {
    this.format = format;
    this.multiprocessors = multiprocessors;
    this.tensor = format.core().isPresent();
    this.layout = layout;
    boolean volta = tier < 80;
    this.gatherTiles =
        chosen(
            !tensor
                ? GatherGemmKernels.TILES
                : volta
                    ? TensorGatherGemmKernels.VOLTA_TILES
                    : TensorGatherGemmKernels.tiles(format.core().orElseThrow()));
    this.gradientTiles =
        !tensor
            ? WeightGradientKernels.TILES
            : volta ? TensorWeightGradientKernels.VOLTA_TILES : TensorWeightGradientKernels.TILES;
  }

  private List<Tile> chosen(List<Tile> tiles) {
    return layout.tile().isEmpty()
        ? tiles
        : List.of(tiles.get(Math.min(layout.tile().getAsInt(), tiles.size() - 1)));
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
    boolean sums =
        tensor && !isAny(tile) && o.sums().to() != null && fitsParts(g, images, epilogue);
    Operands operands = sums ? o : o.withoutSums();
    Epilogue finish = sums || epilogue != Epilogue.MOMENTS ? epilogue : Epilogue.PLAIN;
    for (Layout.Launch launch : layout.launches(images)) {
      tape.add(gatherCall(tile, g, finish, operands, launch));
    }
    int part = TensorGatherGemmKernels.PART;
    return sums ? (g.pixels(images) + part - 1) / part : 0;
  }

  /**
   * Whether no part has pixels of two shards; a mean wants all of its part's, in a short one too.
   */
  private boolean fitsParts(Geometry g, int images, Epilogue epilogue) {
    int part = TensorGatherGemmKernels.PART;
    boolean whole = epilogue != Epilogue.MOMENTS || g.pixels(images) % part == 0;
    return whole && shardPixels(g, images) % part == 0;
  }

  private int shardPixels(Geometry g, int images) {
    return g.pixels(layout.shardSize(images));
  }

  private Call gatherCall(
      Tile tile, Geometry g, Epilogue epilogue, Operands o, Layout.Launch launch) {
    int first = g.pixels(launch.from());
    int end = launch.to();
    if (isAny(tile)) {
      return GatherGemmAnyKernels.areFew(epilogue, g)
          ? GatherGemmAnyKernels.few(format.type(), g, o, end, first)
          : GatherGemmAnyKernels.gather(format.type(), epilogue, g, o, end, first);
    }
    return format
        .core()
        .map(core -> TensorGatherGemmKernels.gather(core, tile, epilogue, g, o, end, first))
        .orElseGet(() -> GatherGemmKernels.gather(tile, epilogue, g, o, end, first));
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

  /** A small minibatch may have more parts than a large one, whose cuts coincide. */
  @Override
  public int mostParts(Geometry g, int images) {
    Shares shares = shares(g);
    return IntStream.rangeClosed(1, images)
        .map(count -> shares.parts(g.pixels(count), shardPixels(g, count)).count())
        .max()
        .orElseThrow();
  }

  @Override
  public Parts parts(Geometry g, int images) {
    return shares(g).parts(g.pixels(images), shardPixels(g, images));
  }

  private Shares shares(Geometry g) {
    Tile tile = gradientTile(g);
    long places = (long) tile.resident() * multiprocessors;
    return new Shares(tile.blocks(g.depth(), g.outputs()), places);
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
  public boolean weightGradient(Tape tape, Geometry g, GradientOperands operands, int images) {
    Tile tile = gradientTile(g);
    Parts parts = parts(g, images);
    for (Layout.Launch launch : layout.launches(images)) {
      tape.add(gradientCall(tile, g, operands, parts, launch));
    }
    boolean own = !tensor || isAny(tile);
    return own && operands.columns() != null;
  }

  private Call gradientCall(
      Tile tile, Geometry g, GradientOperands operands, Parts parts, Layout.Launch launch) {
    int first = g.pixels(launch.from());
    int end = launch.to();
    if (isAny(tile)) {
      return WeightGradientAnyKernels.gradient(format.type(), g, operands, end, parts, first);
    }
    return format
        .core()
        .map(
            core ->
                TensorWeightGradientKernels.gradient(core, tile, g, operands, end, parts, first))
        .orElseGet(() -> WeightGradientKernels.gradient(tile, g, operands, end, parts, first));
  }
}
