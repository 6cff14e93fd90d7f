package belay.backend.onednn;

import belay.backend.Piece;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Pooling;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Scope;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import java.util.ArrayList;
import java.util.List;

/** Makes stages of pieces, one after another: each takes the layout that the one before leaves. */
final class Lowering implements Piece.Cases<Stage> {
  private final Scope scope;
  private final Primitives make;
  private final Program program;
  private final List<ConvWeights> weights = new ArrayList<>();
  private Descriptor last; // null before the first stage
  private boolean trained; // whether a stage so far has parameters
  private long gradientBytes;

  Lowering(Scope scope, Primitives make, Program program) {
    this.scope = scope;
    this.make = make;
    this.program = program;
  }

  Stage lower(Piece piece) {
    Stage stage = piece.accept(this);
    last = stage.output();
    trained |= piece.hasParameters();
    return stage;
  }

  /** Those of the stages so far. */
  List<ConvWeights> weights() {
    return weights;
  }

  /** Bytes of the gradients of all parameters in the primitives' layouts. */
  long gradientBytes() {
    return gradientBytes;
  }

  @Override
  public Stage convolution(Piece.Convolution piece) {
    KernelForm form = form(piece);
    Descriptor x = input(piece.input(), form != KernelForm.TRANSPOSED);
    ConvStage stage = new ConvStage(make, program, piece, form, x, make.training() && trained);
    ConvWeights own = new ConvWeights(scope, make, piece.conv(), form, stage, gradientBytes);
    stage.use(own);
    weights.add(own);
    gradientBytes += own.gradientBytes();
    return stage;
  }

  private KernelForm form(Piece.Convolution piece) {
    if (piece.upsample().isEmpty()) {
      return KernelForm.PLAIN;
    }
    boolean onlyLossReads =
        make.training() && piece.output() == program.output() && piece.output() != program.latent();
    return KernelForm.ofUpsampled(piece.conv().filters(), onlyLossReads && piece.pool().isEmpty());
  }

  /**
   * @param free whether oneDNN may choose how images lie
   */
  private Descriptor input(int value, boolean free) {
    if (last != null) {
      return last;
    }
    Shape shape = program.shape(value);
    return free ? make.anyActivation(shape) : make.activation(shape);
  }

  @Override
  public Stage relu(Operation.Relu relu) {
    return new ReluStage(make, input(relu.input(), false));
  }

  @Override
  public Stage maxPool(Operation.MaxPool pool) {
    Shape small = program.shape(pool.output());
    return new PoolStage(make, input(pool.input(), false), small, Pooling.max(pool.window()));
  }

  @Override
  public Stage upsample(Operation.Upsample upsample) {
    Shape large = program.shape(upsample.output());
    return new UpsampleStage(make, input(upsample.input(), false), large, upsample.factor());
  }

  @Override
  public Stage add(Operation.Add add) {
    throw new UnsupportedOperationException("add");
  }

  @Override
  public Stage linear(Operation.Linear linear) {
    throw new UnsupportedOperationException("linear");
  }

  @Override
  public Stage activation(Operation.Activation activation) {
    throw new UnsupportedOperationException("activation");
  }

  @Override
  public Stage batchNorm(Operation.BatchNorm norm) {
    throw new UnsupportedOperationException("batchNorm");
  }

  @Override
  public Stage averagePool(Operation.AveragePool pool) {
    throw new UnsupportedOperationException("averagePool");
  }

  @Override
  public Stage globalAveragePool(Operation.GlobalAveragePool pool) {
    throw new UnsupportedOperationException("globalAveragePool");
  }

  @Override
  public Stage dropout(Operation.Dropout dropout) {
    throw new UnsupportedOperationException("dropout");
  }
}
