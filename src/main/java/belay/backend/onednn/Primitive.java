package belay.backend.onednn;

import com.sun.jna.Pointer;
import java.util.Map;

/** A compiled oneDNN operation; several threads may run it at once, each bound to own memory. */
final class Primitive {
  private final long engine;
  private final long description;
  private final long handle;

  /**
   * @param description a primitive descriptor, owned from now on
   */
  Primitive(Scope scope, long engine, long description) {
    this.engine = engine;
    this.description = description;
    scope.onClose(() -> Dnnl.dnnl_primitive_desc_destroy(description));
    long[] created = new long[1];
    Dnnl.check(Dnnl.dnnl_primitive_create(created, description), "create " + implementation());
    this.handle = created[0];
    scope.onClose(() -> Dnnl.dnnl_primitive_destroy(created[0]));
  }

  /** The primitive descriptor, as a hint for the backward pass. */
  long description() {
    return description;
  }

  /** oneDNN's name of the code that runs, for example jit:avx512_core. */
  String implementation() {
    long[] name = new long[1];
    int status = Dnnl.dnnl_primitive_desc_query(description, Dnnl.QUERY_IMPLEMENTATION, 0, name);
    return status == 0 ? new Pointer(name[0]).getString(0) : "unknown";
  }

  /** The layout that an argument must have. */
  Descriptor descriptor(int argument) {
    long[] result = new long[1];
    Dnnl.check(
        Dnnl.dnnl_primitive_desc_query(description, Dnnl.QUERY_ARGUMENT, argument, result),
        "describe argument " + argument + " of " + implementation());
    return new Descriptor(result[0]);
  }

  long scratchBytes() {
    return descriptor(Dnnl.SCRATCHPAD).bytes();
  }

  /**
   * @param stream of the thread that will run it
   * @param scratch at least {@link #scratchBytes}
   * @param arguments memory of each argument, in the layouts of {@link #descriptor}
   */
  Call bind(Scope scope, long stream, Buffer scratch, Map<Integer, Buffer> arguments) {
    Buffer list = scope.allocate(16L * (arguments.size() + 1)); // dnnl_exec_arg_t: int, address
    int count = 0;
    for (Map.Entry<Integer, Buffer> argument : arguments.entrySet()) {
      put(scope, list, count++, argument.getKey(), argument.getValue());
    }
    if (scratchBytes() > 0) {
      put(scope, list, count++, Dnnl.SCRATCHPAD, scratch);
    }
    return new Call(handle, stream, count, list.address());
  }

  private void put(Scope scope, Buffer list, int index, int argument, Buffer buffer) {
    Descriptor layout = descriptor(argument);
    if (layout.bytes() > buffer.bytes()) {
      throw new IllegalStateException(
          "Argument " + argument + " needs " + layout.bytes() + " bytes, not " + buffer.bytes());
    }
    long[] memory = new long[1];
    Dnnl.check(
        Dnnl.dnnl_memory_create(memory, layout.handle(), engine, buffer.address()), "wrap memory");
    scope.onClose(() -> Dnnl.dnnl_memory_destroy(memory[0]));
    list.pointer().setInt(16L * index, argument);
    list.pointer().setLong(16L * index + 8, memory[0]);
  }

  /** A primitive with its arguments, ready to run. */
  record Call(long primitive, long stream, int arguments, long list) {
    void run() {
      Dnnl.check(
          Dnnl.dnnl_primitive_execute(primitive, stream, arguments, list), "run a primitive");
    }
  }
}
