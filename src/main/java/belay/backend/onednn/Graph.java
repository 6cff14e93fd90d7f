package belay.backend.onednn;

import belay.backend.TrainSpec;
import belay.backend.fusion.Piece;
import belay.backend.fusion.Pieces;
import belay.backend.loss.Loss;
import belay.backend.loss.SquaredError;
import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.stage.GradientLayout;
import belay.backend.onednn.stage.Lowering;
import belay.backend.onednn.stage.Stage;
import belay.backend.onednn.stage.Weights;
import belay.net.Mark;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program, or a part of it, compiled for slices of a fixed number of images. */
final class Graph {
  private final Primitives make;
  private final Program program;
  private final int features;
  private final GradientLayout gradients;
  private final Optional<TrainSpec> spec;
  private final Runnable check;
  private final List<Piece> pieces;
  private final List<Stage> stages;
  private final Map<Integer, Descriptor> layouts;
  private final Set<Integer> trained;
  private final List<Operation.BatchNorm> norms;
  private final List<Weights> weights;
  private final MemoryPlan memory;
  private final Deque<Lane> idle = new ArrayDeque<>();

  /**
   * @param features mark of the value that is read out beside the loss; where nothing is trained,
   *     what leads to it is all there is
   * @param gradients where those of parameters lie; gets the places that are missing
   * @param spec of training; empty where nothing is trained
   * @param check before each call of a slice that takes long; may end it by an exception
   */
  Graph(
      Primitives make,
      Program program,
      Mark features,
      GradientLayout gradients,
      Optional<TrainSpec> spec,
      Runnable check) {
    this.make = make;
    this.program = program;
    this.features = program.value(features);
    this.gradients = gradients;
    this.spec = spec;
    this.check = make.batch() > Recipe.LARGEST_SLICE ? check : () -> {};
    List<Operation> operations =
        make.training() ? program.operations() : program.leadingTo(features);
    this.pieces = Pieces.of(program, operations, new OnednnFusions());
    Lowering lowering =
        new Lowering(make, program, gradients, spec.map(TrainSpec::seed).orElse(0L));
    this.stages = pieces.stream().map(lowering::lower).toList();
    this.layouts = lowering.layouts();
    this.trained = lowering.trained();
    this.norms = lowering.norms();
    this.weights = stages.stream().flatMap(stage -> stage.weights().stream()).toList();
    this.memory = new MemoryPlan(this);
  }

  /** Number of the value that is read out. */
  int features() {
    return features;
  }

  /** Images in a slice. */
  int images() {
    return make.batch();
  }

  GradientLayout gradients() {
    return gradients;
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

  MemoryPlan memory() {
    return memory;
  }

  List<Operation.BatchNorm> norms() {
    return norms;
  }

  /** Line of the network's file that a stage computes. */
  String layer(int stage) {
    return pieces.get(stage).name();
  }

  /** Numbers of the values that a stage reads. */
  List<Integer> inputs(int stage) {
    return pieces.get(stage).operations().get(0).inputs();
  }

  /** Number of the value that a stage defines. */
  int output(int stage) {
    return pieces.get(stage).output();
  }

  /** The last stage that reads a value, or -1. */
  int lastReader(int value) {
    int stage = stages.size() - 1;
    while (stage >= 0 && !inputs(stage).contains(value)) {
      stage--;
    }
    return stage;
  }

  /** Whether training asks for the gradient of a value. */
  boolean isTrained(int value) {
    return trained.contains(value);
  }

  /** Layout of a value between stages. */
  Descriptor layout(int value) {
    return layouts.get(value);
  }

  /** Shape of the program's output as its stage leaves it. */
  Shape outputShape() {
    Shape shape = program.shape(program.output());
    return outputHasPhases()
        ? new Shape(shape.height() / 2, shape.width() / 2, 4 * shape.channels())
        : shape;
  }

  /**
   * @throws java.util.NoSuchElementException if nothing is trained
   */
  Loss loss() {
    return outputHasPhases()
        ? SquaredError.phases(program.shape(0))
        : Loss.of(spec.orElseThrow().objective(program), program);
  }

  private boolean outputHasPhases() {
    return stages.stream().anyMatch(Stage::leavesPhases);
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
  boolean load(Crew crew, float[] values) {
    AtomicBoolean finite = new AtomicBoolean(true);
    crew.forEach(
        weights.size(),
        (worker, i) -> {
          if (!weights.get(i).load(values)) {
            finite.set(false);
          }
        });
    return finite.get();
  }

  /**
   * Writes the gradient of the parameter vector.
   *
   * @param sum gradients summed over all shards
   */
  void storeGradient(Crew crew, Buffer sum, float[] gradient) {
    crew.forEach(weights.size(), (worker, i) -> weights.get(i).storeGradient(sum, gradient));
  }

  /** Makes lanes until so many are idle. */
  synchronized void prepare(int lanes) {
    while (idle.size() < lanes) {
      idle.add(new Lane(this, check));
    }
  }

  /** Memory and calls for one slice at a time, which nobody else uses until it is given back. */
  synchronized Lane take() {
    return idle.isEmpty() ? new Lane(this, check) : idle.pop();
  }

  synchronized void give(Lane lane) {
    idle.push(lane);
  }
}
