package belay.backend.cuda.svm;

import belay.backend.SvmLayout;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Space;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Blocks of kernel values of the samples of two classes each, kept while there is room. A block of
 * two different classes is there twice, so that every sample's row is contiguous. Blocks are
 * computed in launches of bounded length, of which few are queued at a time.
 */
final class ValueBlocks implements AutoCloseable {
  /** Tiles of a launch for each multiprocessor: about 5 ms on an H200, 50 ms on a K40. */
  private static final int TILES_EACH = 32;

  private static final int QUEUED = 2;

  private final Gpu gpu;
  private final SvmLayout layout;
  private final CudaSamples samples;
  private final ValueProducts kernels;
  private final float gamma;
  private final Space space;
  private final CUstream stream;
  private final CUstream tables; // what it copies is waited for
  private final Map<Long, Block> blocks = new TreeMap<>();
  private final Deque<Launch> waiting = new ArrayDeque<>();
  private final Deque<Launch> queued = new ArrayDeque<>();
  private long clock;

  /** A block of classes a and b, a not above b. */
  final class Block {
    private final int a;
    private final int b;
    private Space.Part out; // [a, pitch of b]
    private Space.Part mirror; // [b, pitch of a]; out if a = b
    private int users;
    private int wanted; // by problems that are not solved yet
    private long used;
    private boolean ready;

    private Block(int a, int b) {
      this.a = a;
      this.b = b;
    }

    /** Address of the values [rows of one class, pitch of the other]. */
    long values(int row, int column) {
      return row <= column ? out.address() : mirror.address();
    }

    boolean ready() {
      return ready;
    }
  }

  /** Some tiles of a table; the last launch of a table frees it and completes its blocks. */
  private record Launch(
      Space.Part memory,
      ValueProducts.Table table,
      int first,
      int tiles,
      List<Block> completes,
      CUevent done) {
    boolean last() {
      return first + tiles == table.tiles();
    }
  }

  /**
   * @param space for the blocks
   * @param tables a stream to copy tables on; it has little to do
   */
  ValueBlocks(
      Gpu gpu,
      SvmLayout layout,
      CudaSamples samples,
      ValueProducts kernels,
      float gamma,
      Space space,
      CUstream stream,
      CUstream tables) {
    this.gpu = gpu;
    this.layout = layout;
    this.samples = samples;
    this.kernels = kernels;
    this.gamma = gamma;
    this.space = space;
    this.stream = stream;
    this.tables = tables;
  }

  static long bytes(SvmLayout layout, int a, int b) {
    int[] sizes = layout.classSizes();
    long own = Space.rounded(4L * sizes[a] * ValueProducts.pitch(sizes[b]));
    return a == b ? own : own + Space.rounded(4L * sizes[b] * ValueProducts.pitch(sizes[a]));
  }

  Block block(int a, int b) {
    int low = Math.min(a, b);
    int high = Math.max(a, b);
    return blocks.computeIfAbsent(
        (long) low * layout.classes() + high, key -> new Block(low, high));
  }

  /** Problems to come, one more or one less, want this block. */
  void want(Block block, int change) {
    block.wanted += change;
  }

  /**
   * Makes room for all blocks of a problem and queues what is to be computed.
   *
   * @return false if there is no room now
   */
  boolean use(List<Block> wanted) {
    wanted.forEach(block -> block.users++);
    List<Block> fresh = wanted.stream().filter(block -> block.out == null).toList();
    for (Block block : fresh) {
      if (!room(block)) {
        fresh.forEach(this::drop);
        wanted.forEach(block0 -> block0.users--);
        return false;
      }
    }
    if (!fresh.isEmpty() && !queue(fresh)) {
      fresh.forEach(this::drop);
      wanted.forEach(block -> block.users--);
      return false;
    }
    return true;
  }

  void release(List<Block> done) {
    clock++;
    for (Block block : done) {
      block.users--;
      block.used = clock;
    }
  }

  private boolean room(Block block) {
    int[] sizes = layout.classSizes();
    Optional<Space.Part> out = take(4L * sizes[block.a] * ValueProducts.pitch(sizes[block.b]));
    if (out.isEmpty()) {
      return false;
    }
    block.out = out.get();
    if (block.a == block.b) {
      block.mirror = block.out;
      return true;
    }
    Optional<Space.Part> mirror = take(4L * sizes[block.b] * ValueProducts.pitch(sizes[block.a]));
    mirror.ifPresent(part -> block.mirror = part);
    return mirror.isPresent();
  }

  /** Memory, if need be of blocks that nobody uses: first of those that nobody will want again. */
  Optional<Space.Part> take(long bytes) {
    Optional<Space.Part> part = space.take(bytes);
    while (part.isEmpty()) {
      Optional<Block> victim =
          blocks.values().stream()
              .filter(block -> block.users == 0 && block.out != null)
              .min(
                  Comparator.comparing((Block block) -> block.wanted > 0)
                      .thenComparing(block -> block.a == block.b)
                      .thenComparing(block -> block.used));
      if (victim.isEmpty()) {
        return part;
      }
      drop(victim.get());
      part = space.take(bytes);
    }
    return part;
  }

  void giveBack(Space.Part part) {
    space.giveBack(part);
  }

  /** Forgets all blocks, which nobody may use. */
  void clear() {
    blocks.values().forEach(this::drop);
  }

  private void drop(Block block) {
    if (block.out != null) {
      space.giveBack(block.out);
    }
    if (block.mirror != null && block.mirror != block.out) {
      space.giveBack(block.mirror);
    }
    block.out = null;
    block.mirror = null;
    block.ready = false;
  }

  private boolean queue(List<Block> fresh) {
    Optional<Space.Part> memory = take(ValueProducts.Table.bytes(fresh.size()));
    if (memory.isEmpty()) {
      return false;
    }
    ValueProducts.Table table = new ValueProducts.Table(fresh.size());
    for (Block block : fresh) {
      table.add(side(block.a), side(block.b), block.out.address(), block.mirror.address());
    }
    Gpu.upload(memory.get().pointer(), table.bytes(), tables);
    int most = TILES_EACH * gpu.device().multiprocessors();
    for (int first = 0; first < table.tiles(); first += most) {
      int tiles = Math.min(most, table.tiles() - first);
      waiting.add(new Launch(memory.get(), table, first, tiles, fresh, new CUevent()));
    }
    return true;
  }

  private ValueProducts.Side side(int index) {
    return samples.side(layout.start(index), layout.classSizes()[index]);
  }

  /** Notes what is ready and keeps the device busy. */
  void feed() {
    while (!queued.isEmpty()
        && JCudaDriver.cuEventQuery(queued.peek().done()) != CUresult.CUDA_ERROR_NOT_READY) {
      await();
    }
    while (queued.size() < QUEUED && !waiting.isEmpty()) {
      Launch launch = waiting.poll();
      kernels.values(
          launch.memory().address(),
          launch.table(),
          launch.first(),
          launch.tiles(),
          samples.pitch(),
          gamma,
          stream);
      CudaError.check(
          JCudaDriver.cuEventCreate(launch.done(), CUevent_flags.CU_EVENT_DISABLE_TIMING),
          "make an event");
      CudaError.check(JCudaDriver.cuEventRecord(launch.done(), stream), "queue work");
      queued.add(launch);
    }
  }

  /** Waits for the launch that was queued first. */
  void await() {
    Launch launch = queued.poll();
    CudaError.check(JCudaDriver.cuEventSynchronize(launch.done()), "compute kernel values");
    JCudaDriver.cuEventDestroy(launch.done());
    if (launch.last()) {
      launch.completes().forEach(block -> block.ready = true);
      space.giveBack(launch.memory());
    }
  }

  /** Gives up what is not ready, and all users: after this only ready blocks are kept. */
  void abandon() {
    while (!queued.isEmpty()) {
      await();
    }
    waiting.stream().filter(Launch::last).forEach(launch -> space.giveBack(launch.memory()));
    waiting.clear();
    for (Block block : new ArrayList<>(blocks.values())) {
      block.users = 0;
      block.wanted = 0;
      if (!block.ready) {
        drop(block);
      }
    }
  }

  @Override
  public void close() {
    while (!queued.isEmpty()) {
      await();
    }
    waiting.clear();
  }
}
