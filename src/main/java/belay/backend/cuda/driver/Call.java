package belay.backend.cuda.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import jcuda.NativePointerObject;
import jcuda.Pointer;

/**
 * A call of a kernel: its name, its arguments in its own order, and the threads that run it. Only
 * the classes ...Kernels make calls, one class for each file in kernels/; KernelSignaturesTest
 * compares them with those files.
 */
public final class Call {
  /** Threads of a block where a kernel takes any number. */
  private static final int BLOCK = 256;

  /** Blocks that a striding kernel gets at most for each multiprocessor: enough to fill it. */
  private static final int BLOCKS_EACH = 16;

  private final String file;
  private final String name;
  private final List<Argument> arguments = new ArrayList<>();
  private IntFunction<Grid> grid = multiprocessors -> new Grid(1, 1, 1);
  private int block;
  private int shared;
  private long operations;

  /** Numbers of blocks. */
  public record Grid(int x, int y, int z) {}

  private Call(String file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * @param file in kernels/ or kernels/tensor/, without its ending
   * @param words of the kernel's name
   */
  public static Call of(String file, String... words) {
    return new Call(file, String.join("_", words));
  }

  /** An argument {@code const T *}, for the type T of C; null for a null pointer. */
  public Call in(String type, Address address) {
    return add("const " + type + " *", address);
  }

  /** An argument {@code T *}, which the kernel may write; null for a null pointer. */
  public Call out(String type, Address address) {
    return add(type + " *", address);
  }

  public Call ints(int... values) {
    for (int value : values) {
      add("int", value);
    }
    return this;
  }

  public Call int64(long value) {
    return add("long long", value);
  }

  public Call floats(float... values) {
    for (float value : values) {
      add("float", value);
    }
    return this;
  }

  public Call float64(double value) {
    return add("double", value);
  }

  private Call add(String type, Object value) {
    arguments.add(new Argument(type, value));
    return this;
  }

  /** By x * y * z blocks of so many threads. */
  public Call by(int x, int y, int z, int threads) {
    grid = multiprocessors -> new Grid(x, y, z);
    block = threads;
    return this;
  }

  /** By threads that stride over a number of values. */
  public Call over(long values) {
    grid = multiprocessors -> new Grid(striding(values, multiprocessors), 1, 1);
    block = BLOCK;
    return this;
  }

  private static int striding(long values, int multiprocessors) {
    long blocks = Math.min((values + BLOCK - 1) / BLOCK, (long) BLOCKS_EACH * multiprocessors);
    return (int) Math.max(1, blocks);
  }

  /** With so many bytes of dynamic shared memory. */
  public Call shared(int bytes) {
    shared = bytes;
    return this;
  }

  /** Notes how many floating-point operations it does, for benchmarks. */
  public Call operations(long count) {
    operations = count;
    return this;
  }

  public String file() {
    return file;
  }

  public String name() {
    return name;
  }

  public List<Argument> arguments() {
    return arguments;
  }

  public Grid grid(int multiprocessors) {
    return grid.apply(multiprocessors);
  }

  public int block() {
    return block;
  }

  public int shared() {
    return shared;
  }

  public long operations() {
    return operations;
  }

  /** The parameter block of a launch. */
  Pointer parameters() {
    return Pointer.to(
        arguments.stream().map(Argument::pointer).toArray(NativePointerObject[]::new));
  }
}
