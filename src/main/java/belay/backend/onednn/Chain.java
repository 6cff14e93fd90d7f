package belay.backend.onednn;

import belay.backend.Piece;
import belay.backend.Pieces;
import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Scope;
import belay.net.Mark;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program, or a part of it, compiled for shards of a fixed number of images. */
final class Chain {
  private final Scope scope;
  private final long engine;
  private final Primitives make;
  private final Program program;
  private final int features;
  private final int batch;
  private final List<Piece> pieces;
  private final List<Stage> stages;
  private final List<ConvWeights> weights;
  private final long gradientBytes;

  /**
   * @param features mark of the value that is read out beside the loss; where nothing is trained,
   *     what leads to it is all there is
   * @param batch images in a shard
   */
  Chain(Scope scope, long engine, Program program, Mark features, Primitives make, int batch) {
    this.scope = scope;
    this.engine = engine;
    this.make = make;
    this.program = program;
    this.features = program.value(features);
    this.batch = batch;
    List<Operation> operations =
        make.training() ? program.operations() : program.leadingTo(features);
    this.pieces = Pieces.chain(program, operations, new OnednnFusions());
    Lowering lowering = new Lowering(scope, make, program);
    this.stages = pieces.stream().map(lowering::lower).toList();
    this.weights = lowering.weights();
    this.gradientBytes = lowering.gradientBytes();
  }

  /** Bytes of the gradients of all parameters in the primitives' layouts. */
  long gradientBytes() {
    return gradientBytes;
  }

  /** Number of the value that is read out. */
  int features() {
    return features;
  }

  /** Images in a shard. */
  int batch() {
    return batch;
  }

  /** Whether a stage before this one has parameters. */
  boolean trainedBefore(int stage) {
    return make.training() && pieces.subList(0, stage).stream().anyMatch(Piece::hasParameters);
  }

  /** Line of the network's file that a stage computes. */
  String layer(int stage) {
    return pieces.get(stage).name();
  }

  /** How many stages it takes to define a value. */
  int indexOf(int value) {
    int stage = 0;
    while (value > 0 && pieces.get(stage).output() != value) {
      stage++;
    }
    return value == 0 ? 0 : stage + 1;
  }

  /** Layout of what the first so many stages define, of which there may be none. */
  Descriptor layout(int index) {
    if (stages.isEmpty()) {
      return make.activation(program.shape(0));
    }
    return index == 0 ? stages.get(0).input() : stages.get(index - 1).output();
  }

  /** Shape of the last value as the last stage leaves it. */
  Shape outputShape() {
    Shape shape = program.shape(program.output());
    return endsInPhases()
        ? new Shape(shape.height() / 2, shape.width() / 2, 4 * shape.channels())
        : shape;
  }

  Loss loss() {
    return endsInPhases() ? Loss.phases(program.shape(0)) : Loss.plain(program.shape(0));
  }

  private boolean endsInPhases() {
    return stages.get(stages.size() - 1).leavesPhases();
  }

  /** Whether oneDNN has more than its plain loops, a hundred times slower, for every stage. */
  boolean isFast() {
    return describe().stream().noneMatch(stage -> stage.contains("ref:"));
  }

  /** The implementations that oneDNN chose, a line for each stage. */
  List<String> describe() {
    return stages.stream().map(Stage::describe).toList();
  }

  /**
   * Takes the weights into the primitives' layouts.
   *
   * @return whether all of them are finite
   */
  boolean load(Crew crew, float[] parameters) {
    AtomicBoolean finite = new AtomicBoolean(true);
    crew.forEach(
        weights.size(),
        (worker, i) -> {
          if (!weights.get(i).load(parameters)) {
            finite.set(false);
          }
        });
    return finite.get();
  }

  /**
   * @param sum gradients summed over all shards
   */
  void readGradientFrom(Buffer sum) {
    weights.forEach(convolution -> convolution.readGradientFrom(make, sum));
  }

  /** Writes the gradient of the parameter vector. */
  void storeGradient(Crew crew, float[] gradient) {
    crew.forEach(weights.size(), (worker, i) -> weights.get(i).storeGradient(gradient));
  }

  /** Memory and calls for one shard at a time. */
  Lane lane() {
    return new Lane(this);
  }

  Scope scope() {
    return scope;
  }

  long engine() {
    return engine;
  }

  Primitives make() {
    return make;
  }

  Program program() {
    return program;
  }

  List<Stage> stages() {
    return stages;
  }
}
