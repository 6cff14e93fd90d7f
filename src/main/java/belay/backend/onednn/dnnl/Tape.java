package belay.backend.onednn.dnnl;

import belay.backend.TrainPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The calls of one shard in order, bound to the memory of one lane. */
public final class Tape {
  private static final int PROFILE_REPETITIONS = 5;

  private final Scope scope;
  private final long stream;
  private final Buffer scratch;
  private final Buffer gradient;
  private final List<Entry> forward = new ArrayList<>();
  private final List<List<Entry>> backward = new ArrayList<>();
  private String layer = "";

  private record Entry(String layer, Primitive primitive, Primitive.Call call) {}

  /**
   * @param scratch for every primitive in turn
   * @param gradient of all kernels and biases, each at the offset that its stage knows; null where
   *     only forward passes run
   */
  public Tape(Scope scope, long engine, Buffer scratch, Buffer gradient) {
    this.scope = scope;
    this.scratch = scratch;
    this.gradient = gradient;
    long[] created = new long[1];
    Dnnl.check(Dnnl.dnnl_stream_create(created, engine, Dnnl.DEFAULT_STREAM), "create a stream");
    this.stream = created[0];
    scope.onClose(() -> Dnnl.dnnl_stream_destroy(stream));
  }

  public Buffer allocate(Descriptor layout) {
    return scope.allocate(layout.bytes());
  }

  public Buffer gradient(long offset, long bytes) {
    return gradient.slice(offset, bytes);
  }

  /** A call that is in neither pass. */
  public Primitive.Call bind(Primitive primitive, Map<Integer, Buffer> arguments) {
    return primitive.bind(scope, stream, scratch, arguments);
  }

  /** Names the layer of what is appended from now on. */
  public void layer(String name) {
    layer = name;
  }

  /** Appends to the forward pass. */
  public void forward(Primitive primitive, Map<Integer, Buffer> arguments) {
    forward.add(new Entry(layer, primitive, bind(primitive, arguments)));
  }

  /** Begins the backward pass of a stage; it will run before those of earlier stages. */
  public void beginBackward() {
    backward.add(0, new ArrayList<>());
  }

  /** Appends to the backward pass of the stage begun last. */
  public void backward(Primitive primitive, Map<Integer, Buffer> arguments) {
    backward.get(0).add(new Entry(layer, primitive, bind(primitive, arguments)));
  }

  public void runForward() {
    for (Entry entry : forward) {
      entry.call().run();
    }
  }

  public void runBackward() {
    for (List<Entry> stage : backward) {
      for (Entry entry : stage) {
        entry.call().run();
      }
    }
  }

  /**
   * Times each call of both passes by itself.
   *
   * @param share of the measured time that a whole minibatch takes
   */
  public List<TrainPlan.OperationTime> profile(double share) {
    List<TrainPlan.OperationTime> times = new ArrayList<>();
    forward.forEach(entry -> times.add(time(entry, "forward", share)));
    for (List<Entry> stage : backward) {
      stage.forEach(entry -> times.add(time(entry, "backward", share)));
    }
    return times;
  }

  private static TrainPlan.OperationTime time(Entry entry, String pass, double share) {
    double[] seconds = new double[PROFILE_REPETITIONS];
    for (int i = 0; i < seconds.length; i++) {
      long began = System.nanoTime();
      entry.call().run();
      seconds[i] = (System.nanoTime() - began) * 1e-9;
    }
    Arrays.sort(seconds);
    double median = seconds[seconds.length / 2];
    return new TrainPlan.OperationTime(
        entry.primitive().name(), entry.layer(), pass, median * share, 0);
  }
}
