package belay.backend.cuda.stage;

import belay.backend.EncodePlan;
import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Loader;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Chip;
import belay.backend.cuda.frame.DeviceImages;
import belay.backend.cuda.frame.Format;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Layout;
import belay.backend.cuda.frame.Loss;
import belay.backend.cuda.frame.TrainingImages;
import belay.backend.cuda.kernels.HostKernels;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.backend.cuda.update.UpdateCalls;
import belay.backend.cuda.update.UpdateScalars;
import belay.backend.cuda.update.UpdateTables;
import belay.backend.cuda.update.UpdateWorkspace;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.Tally;
import belay.net.TrainState;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;

/**
 * The launches of a plan, run one after the other on the host by the kernels as g++ compiles them.
 * Memory that nobody has written is NaN.
 */
final class HostPlan implements TrainPlan, EncodePlan, Loader {
  private static final byte NAN = (byte) 0xFF;
  private static final int ALIGNMENT = 256;

  private final TrainSpec spec; // null for a plan that does not train
  private final Network network;
  private final Arena arena = new Arena();
  private final Frame frame;
  private final Stages stages;
  private final Loss loss;
  private final int value;
  private final DeviceImages images;
  private final TrainingImages stepImages; // null where nothing trains
  private final Arena.Slice live;
  private UpdateTables tables; // null where nothing trains
  private UpdateCalls updates; // null where nothing trains
  private final Map<Slot, Arena.Slice> slots = new EnumMap<>(Slot.class);
  private final Memory memory;
  private final List<Call> calls = new ArrayList<>();
  private long step;
  private long tallied; // images

  private HostPlan(
      Network network,
      TrainSpec spec,
      Layout layout,
      int batch,
      Mark upTo,
      ImageSet set,
      float[] weights) {
    this.network = network;
    this.spec = spec;
    Chip chip = new Chip(1, 35, file -> false);
    List<Operation> operations =
        upTo == null ? network.program().operations() : network.program().leadingTo(upTo);
    this.value = upTo == null ? network.program().latent() : network.program().value(upTo);
    this.frame =
        new Frame(
            chip, network.program(), batch, Optional.ofNullable(spec), Format.F32, arena, layout);
    this.stages = new Stages(frame, operations);
    this.loss = spec == null ? null : Loss.of(frame, arena);
    this.images = DeviceImages.reserve(arena, set.pixels().length, set.count());
    this.stepImages = spec == null ? null : new TrainingImages(frame, spec, images, arena);
    this.live = arena.reserve(frame.shape(value).size());
    Arena.Slice squares = arena.reserve(8L * 128);
    if (spec != null) {
      spec.rule().slots().forEach(s -> slots.put(s, arena.reserve(frame.parameters().bytes())));
      List<Parameter> all = network.program().parameters();
      this.tables = new UpdateTables(all, spec, arena);
      this.updates =
          new UpdateCalls(
              frame,
              tables,
              slots,
              squares,
              arena.reserve(spec.rule().accept(new UpdateWorkspace(all))),
              spec.clipping());
    }
    this.memory = new Memory(arena.wanted() + ALIGNMENT);
    memory.setMemory(0, memory.size(), NAN);
    long base = Pointer.nativeValue(memory);
    arena.place(new CUdeviceptr(), (base + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    at(images.pixels()).write(0, set.pixels(), 0, set.pixels().length);
    at(images.labels()).write(0, set.labels(), 0, set.labels().length);
    if (stepImages != null) {
      at(stepImages.recipe()).write(0, stepImages.words(), 0, stepImages.words().length);
    }
    clear(frame.parameters());
    clear(frame.parameterGradient());
    if (loss != null) {
      clear(loss.sums());
    }
    if (tables != null) {
      int[] ranges = tables.rangeTable();
      at(tables.ranges()).write(0, ranges, 0, ranges.length);
      float[] groups = tables.groupTable();
      at(tables.groups()).write(0, groups, 0, groups.length);
    }
    float[] ones = new float[(int) frame.master().ones().bytes() / Float.BYTES];
    Arrays.fill(ones, 1);
    at(frame.master().ones()).write(0, ones, 0, ones.length);
    write(weights);
  }

  private void write(float[] weights) {
    at(frame.parameters()).write(0, weights, 0, network.parameterCount());
    network
        .program()
        .statistics()
        .forEach(
            s -> new Pointer(frame.address(s).address()).write(0, weights, s.offset(), s.size()));
  }

  static HostPlan training(
      Network network, TrainSpec spec, Layout layout, ImageSet set, TrainState start) {
    HostPlan plan = new HostPlan(network, spec, layout, spec.batch(), null, set, start.weights());
    start.slots().forEach((slot, values) -> plan.upload(plan.slots.get(slot), values));
    plan.step = start.step();
    return plan;
  }

  static HostPlan encoding(Network network, Mark mark, int batch, ImageSet set, float[] weights) {
    return new HostPlan(network, null, Layout.of(1), batch, mark, set, weights);
  }

  private static Pointer at(Arena.Slice slice) {
    return new Pointer(slice.address());
  }

  private void clear(Arena.Slice slice) {
    at(slice).setMemory(0, slice.bytes(), (byte) 0);
  }

  private void upload(Arena.Slice slice, float[] values) {
    clear(slice);
    at(slice).write(0, values, 0, values.length);
  }

  @Override
  public CUfunction function(Call call) {
    calls.add(call);
    return new CUfunction();
  }

  @Override
  public void upload(CUdeviceptr to, long[] table) {
    throw new AssertionError("Kernels for tensor cores do not run on the host");
  }

  /** Records, then runs. */
  private void run(int[] rows, Consumer<Tape> record) {
    new Pointer(frame.rows().address()).write(0, rows, 0, rows.length);
    new Pointer(frame.step().address()).setInt(0, (int) step);
    calls.clear();
    Tape tape = new Tape(this, 1);
    stages.prepare(tape);
    record.accept(tape);
    calls.forEach(call -> HostKernels.of(call.file()).run(call));
  }

  @Override
  public void step(int[] rows, StepScalars scalars) {
    float[] numbers = UpdateScalars.of(spec, scalars.learningRate(), step + 1);
    at(frame.mail().slice()).write(0, numbers, 0, numbers.length);
    new Pointer(frame.epoch().address()).setInt(0, scalars.epoch());
    run(
        rows,
        tape -> {
          DeviceImages seen = stepImages.record(tape, rows.length);
          stages.forwardWithLoss(tape, rows.length, seen, loss, true, Loss.Sum.TRAINING);
          stages.backward(tape, rows.length, seen.pixels());
          spec.rule().accept(updates).forEach(tape::add);
        });
    step++;
    tallied += rows.length;
  }

  @Override
  public Evaluation evaluate(int[] rows) {
    clear(live);
    clear(Loss.Sum.EVALUATION);
    run(
        rows,
        tape -> {
          stages.forwardWithLoss(tape, rows.length, images, loss, false, Loss.Sum.EVALUATION);
          int size = frame.shape(value).size();
          tape.add(
              PointwiseKernels.live(frame.type(), frame.value(value), live, rows.length, size));
        });
    BitSet set = new BitSet();
    for (int k = 0; k < frame.shape(value).size(); k++) {
      set.set(k, at(live).getByte(k) != 0);
    }
    return new Evaluation(sum(Loss.Sum.EVALUATION, rows.length), set);
  }

  @Override
  public void encode(int first, int count, float[] features) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = first + i;
    }
    run(rows, tape -> stages.infer(tape, count, images.pixels()));
    at(frame.value(value)).read(0, features, 0, count * frame.shape(value).size());
  }

  @Override
  public Tally tally() {
    return sum(Loss.Sum.TRAINING, tallied);
  }

  private Tally sum(Loss.Sum which, long images) {
    double[] both = at(loss.sums()).getDoubleArray(16L * which.ordinal(), 2);
    return new Tally(both[0], images, (long) both[1]);
  }

  private void clear(Loss.Sum which) {
    at(loss.sums()).setMemory(16L * which.ordinal(), 16, (byte) 0);
  }

  @Override
  public void resetTally() {
    tallied = 0;
    clear(Loss.Sum.TRAINING);
  }

  @Override
  public TrainState snapshot() {
    float[] weights = new float[network.weightCount()];
    at(frame.parameters()).read(0, weights, 0, network.parameterCount());
    network
        .program()
        .statistics()
        .forEach(
            s -> new Pointer(frame.address(s).address()).read(0, weights, s.offset(), s.size()));
    Map<Slot, float[]> kept = new EnumMap<>(Slot.class);
    slots.forEach(
        (slot, slice) -> kept.put(slot, at(slice).getFloatArray(0, network.parameterCount())));
    return new TrainState(weights, kept, step, tally());
  }

  @Override
  public void load(TrainState state) {
    write(state.weights());
    state.slots().forEach((slot, values) -> upload(slots.get(slot), values));
    step = state.step();
    tallied = state.tally().images();
    at(loss.sums()).setDouble(0, state.tally().lossSum());
    at(loss.sums()).setDouble(8, state.tally().right());
  }

  @Override
  public void close() {
    memory.close();
  }
}
