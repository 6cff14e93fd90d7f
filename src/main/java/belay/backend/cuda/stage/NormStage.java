package belay.backend.cuda.stage;

import belay.backend.cuda.conv.ColumnSums;
import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Finish;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;
import belay.backend.cuda.frame.Layout;
import belay.backend.cuda.frame.Moments;
import belay.backend.cuda.frame.Target;
import belay.backend.cuda.kernels.BatchNormGradientKernels;
import belay.backend.cuda.kernels.BatchNormKernels;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.backend.cuda.kernels.Sharding;
import belay.backend.fusion.Piece;
import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Shape;
import java.util.Optional;

/** A batch normalisation; its last pass may add another value, and end in a ReLU. */
final class NormStage extends Stage {
  private final Operation.BatchNorm norm;
  private final Optional<Integer> addend;
  private final boolean rectifies;
  private final Shape shape;
  private final Arena.Slice statistics; // of shards [K, 2, C] f32: mean, variance
  private final Arena.Slice sums; // over shards [K, 2, C] f32: of the gradient, and with xhat
  private final Moments moments; // whose memory the gradient's sums take once they are read
  private final Arena.Slice unused; // [2, C] f32: gradients that nobody wants

  NormStage(Frame frame, Piece.Normalization piece) {
    super(frame, piece.name(), piece.norm().input(), piece.output());
    this.norm = piece.norm();
    this.addend = piece.addend();
    this.rectifies = piece.relu().isPresent();
    this.shape = frame.shape(norm.input());
    frame.value(input());
    addend.ifPresent(frame::value);
    frame.value(output());
    this.statistics = frame.reserve(sumBytes());
    this.sums = frame.reserve(sumBytes());
    this.unused = frame.reserve(sumBytes());
    frame.master().ones().atLeast(norm.scale().isPresent() ? 0 : 4L * shape.channels());
    if (frame.training()) {
      int q = frame.shardSize(frame.batch());
      frame.sums().atLeast(4 * new Sharding(q * frame.shards(), shape, q).partValues());
    }
    this.moments = frame.moments().expect(input(), norm.mean());
    Epilogue finish = rectifies ? Epilogue.MASK : Epilogue.PLAIN;
    ColumnSums columns = new ColumnSums(moments.memory(), x(), statistics);
    gradient().finishedBy(new Finish(finish, null, columns), shape.size());
  }

  private Address scale() {
    return norm.scale().map(frame()::address).orElseGet(frame().master()::ones);
  }

  private Address gradientAddress(Optional<Parameter> parameter, Address unused) {
    return parameter.filter(frame()::trains).map(frame()::gradientAddress).orElse(unused);
  }

  private long sumBytes() {
    return frame().training() ? 8L * frame().shards() * shape.channels() : 0;
  }

  private Sharding sharding(int count) {
    return new Sharding(count, shape, frame().shardSize(count));
  }

  private Sharding sharding(Layout.Launch launch, int count) {
    return new Sharding(launch.to() - launch.from(), shape, frame().shardSize(count));
  }

  /** Those of a launch, of a value like x; null for null. */
  private Address images(Arena.Slice value, Layout.Launch launch) {
    long before = (long) launch.from() * shape.size() * frame().type().bytes();
    return value == null ? null : Address.of(value.address() + before);
  }

  /** Those of a launch, of numbers [K, 2, C]. */
  private Address shards(Arena.Slice numbers, Layout.Launch launch, Sharding part) {
    return numbers.at(launch.from() / part.shardImages() * 2L * shape.channels());
  }

  private Arena.Slice x() {
    return frame().value(input());
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    for (Layout.Launch launch : frame().layout().launches(count)) {
      statistics(tape, launch, sharding(launch, count));
    }
    Sharding of = sharding(count);
    Call running =
        BatchNormKernels.running(
            statistics,
            frame().address(norm.mean()),
            frame().address(norm.variance()),
            of,
            norm.momentum());
    tape.aside(() -> tape.add(running));
    int channels = shape.channels();
    normalize(tape, statistics, statistics.at(channels), of, 2 * channels);
  }

  private void statistics(Tape tape, Layout.Launch launch, Sharding part) {
    Address to = shards(statistics, launch, part);
    if (moments.areLeft()) {
      tape.add(BatchNormKernels.finish(left(launch), to, part, TensorGatherGemmKernels.PART));
    } else {
      tape.add(BatchNormKernels.parts(frame().type(), images(x(), launch), frame().sums(), part));
      tape.add(BatchNormKernels.finish(frame().sums(), to, part, 0));
    }
  }

  /** Sums that a product has left of a launch's images. */
  private Address left(Layout.Launch launch) {
    long pixels = (long) launch.from() * shape.height() * shape.width();
    return moments.memory().at(pixels / TensorGatherGemmKernels.PART * 2 * shape.channels());
  }

  @Override
  void infer(Tape tape, int count, Arena.Slice images) {
    Sharding one = new Sharding(count, shape, count);
    normalize(tape, frame().address(norm.mean()), frame().address(norm.variance()), one, 0);
  }

  private void normalize(Tape tape, Address mean, Address variance, Sharding of, int stride) {
    tape.add(
        BatchNormKernels.normalize(
            frame().type(),
            x(),
            addend.map(frame()::value).orElse(null),
            mean,
            variance,
            scale(),
            frame().address(norm.shift()),
            frame().value(output()),
            of,
            stride,
            norm.epsilon(),
            rectifies));
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {
    boolean masks = rectifies && gradient().applied() == Epilogue.PLAIN;
    Arena.Slice y = masks ? frame().value(output()) : null;
    Arena.Slice dy = gradient().at();
    Sharding of = sharding(count);
    for (Layout.Launch launch : frame().layout().launches(count)) {
      gradientSums(tape, launch, sharding(launch, count), y, dy);
    }
    Call parameters =
        BatchNormGradientKernels.parameters(
            sums,
            gradientAddress(norm.scale(), unused),
            gradientAddress(Optional.of(norm.shift()), unused.at(shape.channels())),
            of,
            1 / frame().lossScale());
    tape.aside(() -> tape.add(parameters));
    Gradient dx = frame().gradient(input());
    Optional<Gradient> dz = addend.map(frame()::gradient).filter(Gradient::isWanted);
    // One pass for both where they are two, and the addend's is not there already.
    boolean both = y != null && dx.isWanted() && dz.filter(g -> g != dx).isPresent();
    if (dx.isWanted()) {
      inputGradient(tape, of, y, dy, dx, both ? dz : Optional.empty());
    }
    if (!both && dz.isPresent()) {
      addendGradient(tape, count, y, dy, dz.get());
    }
  }

  private void gradientSums(
      Tape tape, Layout.Launch launch, Sharding part, Arena.Slice y, Arena.Slice dy) {
    Address of = shards(statistics, launch, part);
    boolean areLeft = gradient().columnParts() > 0;
    if (!areLeft) {
      tape.add(
          BatchNormGradientKernels.parts(
              frame().type(),
              images(x(), launch),
              images(y, launch),
              images(dy, launch),
              of,
              frame().sums(),
              part,
              norm.epsilon()));
    }
    tape.add(
        BatchNormGradientKernels.finish(
            areLeft ? left(launch) : frame().sums(),
            areLeft ? statistics : null,
            of,
            shards(sums, launch, part),
            part,
            areLeft ? TensorGatherGemmKernels.PART : 0,
            norm.epsilon()));
  }

  private void inputGradient(
      Tape tape, Sharding of, Arena.Slice y, Arena.Slice dy, Gradient dx, Optional<Gradient> dz) {
    Target to = dx.target();
    Target aside = dz.map(Gradient::targetWithoutMask).orElse(new Target(null, false, null));
    tape.add(
        BatchNormGradientKernels.input(
            frame().type(),
            x(),
            y,
            dy,
            statistics,
            sums,
            scale(),
            to.mask(),
            to.dx(),
            to.add(),
            aside.dx(),
            aside.add(),
            of,
            norm.epsilon()));
    dx.leave(tape, of.images(), to);
    dz.ifPresent(gradient -> gradient.leave(tape, of.images(), aside));
  }

  /** What comes through the ReLU is the addend's part. */
  private void addendGradient(Tape tape, int count, Arena.Slice y, Arena.Slice dy, Gradient dz) {
    if (y == null) {
      dz.leave(tape, count, dy);
      return;
    }
    Arena.Slice to = dz.next();
    long total = (long) count * shape.size();
    tape.add(PointwiseKernels.reluGradient(frame().type(), y, dy, to, total));
    dz.leave(tape, count, to);
  }
}
