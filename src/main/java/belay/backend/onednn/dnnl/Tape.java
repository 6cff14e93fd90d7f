package belay.backend.onednn.dnnl;

import belay.backend.TrainPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The calls of one slice in order, bound to the memory of one lane. */
public final class Tape {
  private static final int PROFILE_REPETITIONS = 5;

  private final Scope scope;
  private final long stream;
  private final Buffer scratch;
  private final List<Entry> training = new ArrayList<>();
  private final List<Entry> evaluation = new ArrayList<>();
  private final List<List<Entry>> backward = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private Buffer gradient;
  private String layer = "";

  private record Entry(String layer, Supplier<String> name, Runnable work) {}

  /** An argument that lies in the gradient of all parameters. */
  private record Part(Primitive.Call call, int argument, long offset) {}

  /**
   * @param scratch for every primitive in turn
   * @param gradient of all parameters
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

  public Buffer allocate(Descriptor layout) {
    return scope.allocate(Buffer.aligned(layout.bytes())); // whole blocks of channels
  }

  /** A call that is in neither pass. */
  Primitive.Call bind(Primitive primitive, Map<Integer, Buffer> arguments) {
    return primitive.bind(scope, stream, scratch, arguments);
  }

  /** Begins a stage, whose backward pass will run before those of the stages so far. */
  public void begin(String name) {
    layer = name;
    backward.add(0, new ArrayList<>());
  }

  /** Appends to every forward pass. */
  public void forward(Primitive primitive, Map<Integer, Buffer> arguments) {
    Entry entry = entry(primitive, arguments);
    training.add(entry);
    evaluation.add(entry);
  }

  /** Appends to the forward pass of training alone. */
  public void training(Primitive primitive, Map<Integer, Buffer> arguments) {
    training.add(entry(primitive, arguments));
  }

  /** Appends to the other forward pass alone. */
  public void evaluation(Primitive primitive, Map<Integer, Buffer> arguments) {
    evaluation.add(entry(primitive, arguments));
  }

  /** Appends to the backward pass of the stage begun last. */
  public void backward(Primitive primitive, Map<Integer, Buffer> arguments) {
    backward.get(0).add(entry(primitive, arguments));
  }

  /**
   * As {@link #backward(Primitive, Map)}.
   *
   * @param offsets of those arguments that lie in the gradient of all parameters, in bytes
   */
  public void backward(
      Primitive primitive, Map<Integer, Buffer> arguments, Map<Integer, Long> offsets) {
    Map<Integer, Buffer> all = new LinkedHashMap<>(arguments);
    offsets.forEach(
        (argument, offset) -> all.put(argument, gradient.slice(offset, gradient.bytes() - offset)));
    Primitive.Call call = bind(primitive, all);
    backward.get(0).add(new Entry(layer, primitive::name, call::run));
    offsets.forEach((argument, offset) -> parts.add(new Part(call, argument, offset)));
  }

  /** Appends work of Java's to the forward pass of training alone. */
  public void training(String name, Runnable work) {
    training.add(new Entry(layer, () -> name, work));
  }

  /** Appends work of Java's to the backward pass of the stage begun last. */
  public void backward(String name, Runnable work) {
    backward.get(0).add(new Entry(layer, () -> name, work));
  }

  private Entry entry(Primitive primitive, Map<Integer, Buffer> arguments) {
    return new Entry(layer, primitive::name, bind(primitive, arguments)::run);
  }

  /** Where this backward pass writes the gradient of all parameters. */
  public Buffer gradient() {
    return gradient;
  }

  /**
   * Lets the next backward pass write the gradient of all parameters elsewhere.
   *
   * @return where the last one has written it
   */
  public Buffer exchangeGradient(Buffer next) {
    Buffer last = gradient;
    parts.forEach(part -> part.call().move(part.argument(), next.slice(part.offset(), 1)));
    gradient = next;
    return last;
  }

  /**
   * Runs the forward pass of training.
   *
   * @param before each call; may end the pass by an exception
   */
  public void runTraining(Runnable before) {
    run(training, before);
  }

  /** Runs the other forward pass. */
  public void runEvaluation(Runnable before) {
    run(evaluation, before);
  }

  public void runBackward(Runnable before) {
    backward.forEach(stage -> run(stage, before));
  }

  private static void run(List<Entry> entries, Runnable before) {
    for (Entry entry : entries) {
      before.run();
      entry.work().run();
    }
  }

  /**
   * Times each call of a training step by itself.
   *
   * @param share of the measured time that a whole minibatch takes
   */
  public List<TrainPlan.OperationTime> profile(double share) {
    List<TrainPlan.OperationTime> times = new ArrayList<>();
    training.forEach(entry -> times.add(time(entry, "forward", share)));
    for (List<Entry> stage : backward) {
      stage.forEach(entry -> times.add(time(entry, "backward", share)));
    }
    return times;
  }

  private static TrainPlan.OperationTime time(Entry entry, String pass, double share) {
    double[] seconds = new double[PROFILE_REPETITIONS];
    for (int i = 0; i < seconds.length; i++) {
      long began = System.nanoTime();
      entry.work().run();
      seconds[i] = (System.nanoTime() - began) * 1e-9;
    }
    Arrays.sort(seconds);
    double median = seconds[seconds.length / 2];
    return new TrainPlan.OperationTime(entry.name().get(), entry.layer(), pass, median * share, 0);
  }
}
