package belay.backend.onednn;

import belay.net.Network;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** A network, or its encoder, compiled for shards of a fixed number of images. */
final class Chain {
  private static final Predicate<Piece> IS_CONVOLUTION = Piece.Convolution.class::isInstance;

  private final Scope scope;
  private final long engine;
  private final Primitives make;
  private final Program program;
  private final int batch;
  private final List<Piece> pieces;
  private final List<Stage> stages = new ArrayList<>();
  private final List<ConvWeights> weights = new ArrayList<>();
  private long gradientBytes;

  /**
   * @param training the whole network with its backward pass, or else the encoder alone
   * @param batch images in a shard
   */
  Chain(Scope scope, long engine, Network network, Primitives make, int batch, boolean training) {
    this.scope = scope;
    this.engine = engine;
    this.make = make;
    this.program = network.program();
    this.batch = batch;
    List<Operation> operations = training ? program.operations() : program.encoder();
    this.pieces = Piece.of(program, operations);
    compileStages();
    compileWeights();
  }

  private void compileStages() {
    for (int i = 0; i < pieces.size(); i++) {
      stages.add(compile(pieces.get(i), trainedBefore(i)));
    }
  }

  private Stage compile(Piece piece, boolean dataGradient) {
    if (piece instanceof Piece.Convolution convolution) {
      Descriptor x = input(convolution.input(), convolution.form() != KernelForm.TRANSPOSED);
      return new ConvStage(make, program, convolution, x, dataGradient);
    }
    Operation operation = ((Piece.Single) piece).operation();
    Descriptor x = input(operation.input(), false);
    Shape shape = program.shape(operation.output());
    if (operation instanceof Operation.MaxPool pool) {
      return new PoolStage(make, x, shape, pool.size());
    } else if (operation instanceof Operation.Upsample up) {
      return new UpsampleStage(make, x, shape, up.factor());
    }
    return new ReluStage(make, x);
  }

  private Descriptor input(int value, boolean free) {
    if (!stages.isEmpty()) {
      return stages.get(stages.size() - 1).output();
    }
    Shape shape = program.shape(value);
    return free ? make.anyActivation(shape) : make.activation(shape);
  }

  private void compileWeights() {
    for (int i = 0; i < stages.size(); i++) {
      if (stages.get(i) instanceof ConvStage stage) {
        Piece.Convolution piece = (Piece.Convolution) pieces.get(i);
        ConvWeights own = new ConvWeights(scope, make, piece, stage, gradientBytes);
        stage.use(own);
        weights.add(own);
        gradientBytes += own.gradientBytes();
      }
    }
  }

  /** Bytes of the gradients of all parameters in the primitives' layouts. */
  long gradientBytes() {
    return gradientBytes;
  }

  /** Images in a shard. */
  int batch() {
    return batch;
  }

  /** Whether a stage before this one has parameters. */
  boolean trainedBefore(int stage) {
    return make.training() && pieces.subList(0, stage).stream().anyMatch(IS_CONVOLUTION);
  }

  /** Name of a stage's layer: that of its kernel, or what it does. */
  String layer(int stage) {
    Piece piece = pieces.get(stage);
    if (piece instanceof Piece.Convolution convolution) {
      String kernel = convolution.conv().weights().name();
      return kernel.substring(0, kernel.lastIndexOf('/'));
    }
    return ((Piece.Single) piece).operation().getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** How many stages it takes to define a value. */
  int indexOf(int value) {
    int stage = 0;
    while (value > 0 && pieces.get(stage).output() != value) {
      stage++;
    }
    return value == 0 ? 0 : stage + 1;
  }

  /** Layout of what the first so many stages define. */
  Descriptor layout(int index) {
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
    return pieces.get(pieces.size() - 1) instanceof Piece.Convolution last
        && last.form() == KernelForm.PHASES;
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
    int index = 0;
    for (Stage stage : stages) {
      if (stage instanceof ConvStage conv) {
        weights.get(index++).readGradientFrom(make, conv, sum);
      }
    }
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
