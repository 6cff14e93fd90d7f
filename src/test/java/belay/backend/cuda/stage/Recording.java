package belay.backend.cuda.stage;

import belay.backend.Precision;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
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
import belay.net.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;

/** The calls of a plan, recorded without a device. */
final class Recording implements Loader {
  private static final long BASE = 1L << 40;
  private static final int MULTIPROCESSORS = 132;

  private final List<Call> calls = new ArrayList<>();
  private final Arena arena = new Arena();
  private final DeviceImages images = DeviceImages.reserve(arena, 1, 1);
  private final Frame frame;
  private final Stages stages;
  private final Loss loss;

  private Recording(Program program, Format format, int tier, Optional<TrainSpec> spec) {
    Chip chip = new Chip(MULTIPROCESSORS, tier, file -> tier >= 80);
    this.frame =
        new Frame(
            chip,
            program,
            8,
            spec,
            format,
            arena,
            Layout.of(spec.map(TrainSpec::shards).orElse(1)));
    this.stages = new Stages(frame, program.operations());
    this.loss = spec.map(training -> Loss.of(frame, arena)).orElse(null);
    arena.place(new CUdeviceptr(), BASE);
  }

  /** A training step's preparation, forward and backward pass on so many images. */
  static Recording step(Program program, Format format, int tier, int count) {
    Recording recording = training(program, format, tier);
    Tape tape = recording.begin();
    recording.stages.forwardWithLoss(
        tape, count, recording.images, recording.loss, true, Loss.Sum.TRAINING);
    recording.stages.backward(tape, count, recording.images.pixels());
    return recording;
  }

  /** The evaluation of a plan that trains. */
  static Recording evaluation(Program program, Format format, int tier, int count) {
    Recording recording = training(program, format, tier);
    Tape tape = recording.begin();
    recording.stages.forwardWithLoss(
        tape, count, recording.images, recording.loss, false, Loss.Sum.EVALUATION);
    return recording;
  }

  /** The forward pass of a plan that does not train. */
  static Recording inference(Program program, Format format, int tier, int count) {
    Recording recording = new Recording(program, format, tier, Optional.empty());
    recording.stages.infer(recording.begin(), count, recording.images.pixels());
    return recording;
  }

  private static Recording training(Program program, Format format, int tier) {
    TrainSpec spec =
        new TrainSpec(8, 4, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, Precision.FP32);
    return new Recording(program, format, tier, Optional.of(spec));
  }

  private Tape begin() {
    Tape tape = new Tape(this, MULTIPROCESSORS);
    stages.prepare(tape);
    return tape;
  }

  List<Call> calls() {
    return calls;
  }

  /** Names of the calls without those that prepare weights. */
  String names() {
    return calls.stream()
        .map(Call::name)
        .filter(name -> !name.startsWith("prepare"))
        .collect(Collectors.joining("\n"));
  }

  Frame frame() {
    return frame;
  }

  @Override
  public CUfunction function(Call call) {
    calls.add(call);
    return new CUfunction();
  }

  @Override
  public void upload(CUdeviceptr to, long[] table) {}
}
