package belay.backend.cuda.net;

import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Graphs;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Chip;
import belay.backend.cuda.frame.DeviceImages;
import belay.backend.cuda.frame.Format;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Layout;
import belay.backend.cuda.frame.Loss;
import belay.backend.cuda.frame.TrainingImages;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.backend.cuda.stage.Stages;
import belay.backend.cuda.update.CudaUpdate;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.Tally;
import belay.net.TrainState;
import java.lang.System.Logger;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Trains with images, weights and moments on the device; a step is one graph. */
public final class CudaTrainPlan implements TrainPlan {
  private static final Logger LOG = System.getLogger("belay.cuda");

  private static final int PROFILE_REPETITIONS = 10;

  private final Gpu gpu;
  private final Arena arena = new Arena();
  private final Frame frame;
  private final Stages stages;
  private final DeviceImages trainImages;
  private final DeviceImages testImages;
  private final TrainingImages stepImages;
  private final Loss loss;
  private final CudaUpdate update;
  private final Arena.Slice live; // [latent values] bytes
  private final CUstream stream;
  private final CUstream side;
  private final Mailbox mailbox;
  private final Graphs steps;
  private final Graphs evaluations;
  private long step;
  private long images; // of the tally

  public CudaTrainPlan(
      Gpu gpu, Network network, TrainSpec spec, ImageSet train, ImageSet test, TrainState start) {
    this(gpu, network, spec, train, test, start, Layout.of(spec.shards()));
  }

  /** One that lays its work out in another way than the fastest. */
  public CudaTrainPlan(
      Gpu gpu,
      Network network,
      TrainSpec spec,
      ImageSet train,
      ImageSet test,
      TrainState start,
      Layout layout) {
    this.gpu = gpu;
    Format format = Format.of(gpu, spec.precision());
    this.frame =
        new Frame(
            Chip.of(gpu),
            network.program(),
            spec.batch(),
            Optional.of(spec),
            format,
            arena,
            layout);
    this.stages = new Stages(frame, network.program().operations());
    this.trainImages = reserve(train);
    this.testImages = test == train ? trainImages : reserve(test);
    this.stepImages = new TrainingImages(frame, spec, trainImages, arena);
    this.update = new CudaUpdate(frame, spec, arena);
    this.loss = Loss.of(frame, arena);
    this.live = arena.reserve(network.latent().size());
    arena.allocate(
        gpu.device(), "the training plan", "Lower train.batch, now %d".formatted(spec.batch()));
    this.stream = gpu.stream();
    this.side = gpu.stream();
    this.mailbox = new Mailbox(frame, stream);
    this.steps = new Graphs(stream, side, this::recordStep);
    this.evaluations = new Graphs(stream, side, this::recordEvaluation);
    upload(train, test, start);
    LOG.log(
        Logger.Level.INFO,
        "plan=training batch={0} device-memory=\"{1}\" device={2} uuid={3}",
        String.valueOf(spec.batch()),
        Arena.readable(arena.size()),
        String.valueOf(gpu.device().ordinal()),
        gpu.device().uuid());
  }

  private DeviceImages reserve(ImageSet set) {
    return DeviceImages.reserve(arena, set.pixels().length, set.count());
  }

  private void upload(ImageSet train, ImageSet test, TrainState start) {
    trainImages.upload(train.pixels(), train.labels());
    if (test != train) {
      testImages.upload(test.pixels(), test.labels());
    }
    stepImages.upload();
    frame.parameterGradient().clear();
    uploadState(start);
  }

  private void uploadState(TrainState state) {
    frame.master().upload(state.weights());
    update.upload(state);
    loss.upload(state.tally());
    step = state.step();
    images = state.tally().images();
    CudaError.check(JCudaDriver.cuCtxSynchronize(), "copy to the GPU");
  }

  private Tape recordStep(int count) {
    Tape tape = gpu.tape();
    DeviceImages images = stepImages.record(tape, count);
    stages.prepare(tape);
    stages.forwardWithLoss(tape, count, images, loss, true, Loss.Sum.TRAINING);
    stages.backward(tape, count, images.pixels());
    tape.join();
    tape.at(null, "update");
    update.record(tape);
    return tape;
  }

  private Tape recordEvaluation(int count) {
    Tape tape = gpu.tape();
    update.recordExchange(tape);
    stages.prepare(tape);
    stages.forwardWithLoss(tape, count, testImages, loss, false, Loss.Sum.EVALUATION);
    int latent = frame.program().latent();
    int features = frame.shape(latent).size();
    tape.add(PointwiseKernels.live(frame.type(), frame.value(latent), live, count, features));
    update.recordExchange(tape);
    return tape;
  }

  /** The launches of a step on so many images, and where they run: for benchmarks. */
  Tape recorded(int count) {
    return recordStep(count);
  }

  CUstream stream() {
    return stream;
  }

  /** Device memory of the plan. */
  long bytes() {
    return arena.size();
  }

  @Override
  public void step(int[] rows, StepScalars scalars) {
    gpu.device().makeCurrent();
    step++;
    images += rows.length;
    mailbox.send(rows, step - 1, scalars.epoch(), update.scalars(scalars.learningRate(), step));
    steps.launch(rows.length);
  }

  @Override
  public Tally tally() {
    synchronize();
    return loss.download(Loss.Sum.TRAINING, images);
  }

  private void synchronize() {
    gpu.device().makeCurrent();
    CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "compute");
  }

  @Override
  public void resetTally() {
    gpu.device().makeCurrent();
    images = 0;
    loss.clear(Loss.Sum.TRAINING, stream);
  }

  @Override
  public Evaluation evaluate(int[] rows) {
    gpu.device().makeCurrent();
    loss.clear(Loss.Sum.EVALUATION, stream);
    CudaError.check(
        JCudaDriver.cuMemsetD8Async(live.pointer(), (byte) 0, live.bytes(), stream),
        "clear memory");
    mailbox.send(rows);
    evaluations.launch(rows.length);
    synchronize();
    Tally tally = loss.download(Loss.Sum.EVALUATION, rows.length);
    byte[] marks = new byte[(int) live.bytes()];
    live.download(Pointer.to(marks), marks.length);
    BitSet set = new BitSet();
    for (int k = 0; k < marks.length; k++) {
      set.set(k, marks[k] != 0);
    }
    return new Evaluation(tally, set);
  }

  @Override
  public TrainState snapshot() {
    Tally tally = tally(); // waits
    return new TrainState(frame.master().download(), update.snapshot(), step, tally);
  }

  @Override
  public void load(TrainState state) {
    synchronize(); // steps that are still at work
    uploadState(state);
  }

  @Override
  public List<OperationTime> profile(int[] rows) {
    return StepProfile.launches(this, rows, PROFILE_REPETITIONS).stream()
        .map(
            line ->
                new OperationTime(
                    line.kernel(),
                    line.layer(),
                    line.pass(),
                    line.milliseconds() * 1e-3,
                    line.operations()))
        .toList();
  }

  @Override
  public void close() {
    gpu.device().makeCurrent();
    steps.close();
    evaluations.close();
    mailbox.close();
    JCudaDriver.cuStreamDestroy(side);
    JCudaDriver.cuStreamDestroy(stream);
    arena.close();
  }
}
