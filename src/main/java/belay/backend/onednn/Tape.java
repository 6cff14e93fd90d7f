package belay.backend.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The calls of one shard in order, bound to the memory of one lane. */
final class Tape {
  private final Scope scope;
  private final long stream;
  private final Buffer scratch;
  private final Buffer gradient;
  private final List<Primitive.Call> forward = new ArrayList<>();
  private final List<List<Primitive.Call>> backward = new ArrayList<>();

  /**
   * @param scratch for every primitive in turn
   * @param gradient of all kernels and biases, each at the offset that its stage knows; null where
   *     only forward passes run
   */
  Tape(Scope scope, long engine, Buffer scratch, Buffer gradient) {
    this.scope = scope;
    this.scratch = scratch;
    this.gradient = gradient;
    long[] created = new long[1];
    Dnnl.check(Dnnl.dnnl_stream_create(created, engine, Dnnl.DEFAULT_STREAM), "create a stream");
    this.stream = created[0];
    scope.onClose(() -> Dnnl.dnnl_stream_destroy(stream));
  }

  Buffer allocate(Descriptor layout) {
    return scope.allocate(layout.bytes());
  }

  Buffer gradient(long offset, long bytes) {
    return gradient.slice(offset, bytes);
  }

  /** A call that is in neither pass. */
  Primitive.Call bind(Primitive primitive, Map<Integer, Buffer> arguments) {
    return primitive.bind(scope, stream, scratch, arguments);
  }

  /** Appends to the forward pass. */
  void forward(Primitive primitive, Map<Integer, Buffer> arguments) {
    forward.add(bind(primitive, arguments));
  }

  /** Begins the backward pass of a stage; it will run before those of earlier stages. */
  void beginBackward() {
    backward.add(0, new ArrayList<>());
  }

  /** Appends to the backward pass of the stage begun last. */
  void backward(Primitive primitive, Map<Integer, Buffer> arguments) {
    backward.get(0).add(bind(primitive, arguments));
  }

  void runForward() {
    for (Primitive.Call call : forward) {
      call.run();
    }
  }

  void runBackward() {
    for (List<Primitive.Call> stage : backward) {
      for (Primitive.Call call : stage) {
        call.run();
      }
    }
  }
}
