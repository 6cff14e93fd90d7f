package belay.backend.onednn.dnnl;

import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A compiled oneDNN operation; several threads may run it at once, each bound to own memory. */
public final class Primitive {
  private final long engine;
  private final long description;
  private final long handle;

  /**
   * @param description a primitive descriptor, owned from now on
   */
  public Primitive(Scope scope, long engine, long description) {
    this.engine = engine;
    this.description = description;
    scope.onClose(() -> Dnnl.dnnl_primitive_desc_destroy(description));
    long[] created = new long[1];
    Dnnl.check(Dnnl.dnnl_primitive_create(created, description), "create " + implementation());
    this.handle = created[0];
    scope.onClose(() -> Dnnl.dnnl_primitive_destroy(created[0]));
  }

  /** The primitive descriptor, as a hint for the backward pass. */
  public long description() {
    return description;
  }

  /** oneDNN's name of the code that runs, for example jit:avx512_core. */
  public String implementation() {
    long[] name = new long[1];
    int status = Dnnl.dnnl_primitive_desc_query(description, Dnnl.QUERY_IMPLEMENTATION, 0, name);
    return status == 0 ? new Pointer(name[0]).getString(0) : "unknown";
  }

  /** What it computes and by which code, for example "convolution brg_conv_fwd:avx512_core". */
  public String name() {
    String kind =
        switch (query(Dnnl.QUERY_KIND)) {
          case 1 -> "reorder";
          case 5 -> "convolution";
          case 6 -> "deconvolution";
          case 7 -> "eltwise";
          case 9 -> "batch normalization";
          case 10 -> "inner product";
          case 13 -> "binary";
          case 15 -> "resampling";
          case 16 -> "pooling";
          default -> "primitive";
        };
    String part =
        switch (query(Dnnl.QUERY_PASS)) {
          case 160 -> " of the data's gradient";
          case 192 -> " of the weights' gradient";
          default -> "";
        };
    return kind + part + ", " + implementation();
  }

  /** A number of dnnl_primitive_kind_t or dnnl_prop_kind_t; 0 where the primitive has none. */
  private int query(int what) {
    long[] result = new long[1];
    return Dnnl.dnnl_primitive_desc_query(description, what, 0, result) == 0 ? (int) result[0] : 0;
  }

  /** The layout that an argument must have. */
  public Descriptor descriptor(int argument) {
    long[] result = new long[1];
    Dnnl.check(
        Dnnl.dnnl_primitive_desc_query(description, Dnnl.QUERY_ARGUMENT, argument, result),
        "describe argument " + argument + " of " + implementation());
    return new Descriptor(result[0]);
  }

  public long scratchBytes() {
    return descriptor(Dnnl.SCRATCHPAD).bytes();
  }

  /**
   * @param stream of the thread that will run it
   * @param scratch at least {@link #scratchBytes}
   * @param arguments memory of each argument, in the layouts of {@link #descriptor}
   */
  public Call bind(Scope scope, long stream, Buffer scratch, Map<Integer, Buffer> arguments) {
    Buffer list = scope.allocate(16L * (arguments.size() + 1)); // dnnl_exec_arg_t: int, address
    Map<Integer, Long> memories = new LinkedHashMap<>();
    arguments.forEach((argument, buffer) -> put(scope, list, memories, argument, buffer));
    if (scratchBytes() > 0) {
      put(scope, list, memories, Dnnl.SCRATCHPAD, scratch);
    }
    return new Call(handle, stream, list.address(), memories);
  }

  private void put(
      Scope scope, Buffer list, Map<Integer, Long> memories, int argument, Buffer buffer) {
    Descriptor layout = descriptor(argument);
    if (layout.bytes() > buffer.bytes()) {
      throw new IllegalStateException(
          "Argument " + argument + " needs " + layout.bytes() + " bytes, not " + buffer.bytes());
    }
    long[] memory = new long[1];
    Dnnl.check(
        Dnnl.dnnl_memory_create(memory, layout.handle(), engine, buffer.address()), "wrap memory");
    scope.onClose(() -> Dnnl.dnnl_memory_destroy(memory[0]));
    list.pointer().setInt(16L * memories.size(), argument);
    list.pointer().setLong(16L * memories.size() + 8, memory[0]);
    memories.put(argument, memory[0]);
  }

  /**
   * A primitive with its arguments, ready to run.
   *
   * @param list of the arguments, address
   * @param memories handle of each argument
   */
  public record Call(long primitive, long stream, long list, Map<Integer, Long> memories) {
    public void run() {
      Dnnl.check(
          Dnnl.dnnl_primitive_execute(primitive, stream, memories.size(), list), "run a primitive");
    }

    /** Lets an argument lie elsewhere from the next run on. */
    public void move(int argument, Buffer buffer) {
      Dnnl.check(
          Dnnl.dnnl_memory_set_data_handle(memories.get(argument), buffer.address()),
          "move memory");
    }
  }
}
