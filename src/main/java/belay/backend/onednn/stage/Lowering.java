package belay.backend.onednn.stage;

import belay.backend.fusion.Piece;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Eltwise;
import belay.backend.onednn.dnnl.Pooling;
import belay.backend.onednn.dnnl.Primitives;
import belay.net.Curve;
import belay.net.DropoutMask;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes stages of pieces: each takes its inputs in the layouts that their stages leave. */
public final class Lowering implements Piece.Cases<Stage> {
  private final Primitives make;
  private final Program program;
  private final GradientLayout gradients;
  private final long seed;
  private final Map<Integer, Descriptor> layouts = new HashMap<>();
  private final List<Operation.BatchNorm> norms = new ArrayList<>();
  private final Set<Integer> trained = new HashSet<>(); // values that parameters lead to

  /**
   * @param seed of the masks of dropouts
   */
  public Lowering(Primitives make, Program program, GradientLayout gradients, long seed) {
    this.make = make;
    this.program = program;
    this.gradients = gradients;
    this.seed = seed;
  }

  public Stage lower(Piece piece) {
    Stage stage = piece.accept(this);
    layouts.put(piece.output(), stage.output());
    boolean leads =
        piece.operations().stream().flatMap(o -> o.inputs().stream()).anyMatch(trained::contains);
    if (leads || piece.hasParameters()) {
      trained.add(piece.output());
    }
    return stage;
  }

  /** Layouts of the values so far; the image's in any case. */
  public Map<Integer, Descriptor> layouts() {
    input(0);
    return layouts;
  }

  /** The batch normalizations so far. */
  public List<Operation.BatchNorm> norms() {
    return norms;
  }

  /** The values whose gradients training asks for. */
  public Set<Integer> trained() {
    return trained;
  }

  @Override
  public Stage convolution(Piece.Convolution piece) {
    KernelForm form = form(piece);
    int input = piece.input();
    boolean free = form != KernelForm.TRANSPOSED && program.readers(input).size() == 1;
    Descriptor x =
        free && !layouts.containsKey(input)
            ? make.anyActivation(program.shape(input))
            : input(input);
    ConvStage stage =
        new ConvStage(make, gradients, program, piece, form, x, trained.contains(input));
    layouts.putIfAbsent(input, stage.input());
    return stage;
  }

  private KernelForm form(Piece.Convolution piece) {
    if (piece.upsample().isEmpty()) {
      return KernelForm.PLAIN;
    }
    int output = piece.output();
    boolean onlyLossReads =
        make.training()
            && output == program.output()
            && output != program.latent()
            && program.readers(output).isEmpty();
    return KernelForm.ofUpsampled(piece.conv().filters(), onlyLossReads && piece.pool().isEmpty());
  }

  /** Layout of a value; only the image may have none so far. */
  private Descriptor input(int value) {
    return layouts.computeIfAbsent(value, v -> make.activation(program.shape(v)));
  }

  private Descriptor output(Operation operation) {
    return make.activation(program.shape(operation.output()));
  }

  @Override
  public Stage relu(Operation.Relu relu) {
    return new EltwiseStage(make, Eltwise.RELU, input(relu.input()));
  }

  @Override
  public Stage maxPool(Operation.MaxPool pool) {
    return ResamplingStage.pool(
        make, Pooling.max(pool.window()), input(pool.input()), output(pool));
  }

  @Override
  public Stage upsample(Operation.Upsample upsample) {
    return ResamplingStage.upsample(
        make, input(upsample.input()), output(upsample), upsample.factor());
  }

  @Override
  public Stage add(Operation.Add add) {
    return new AddStage(make, input(add.left()));
  }

  @Override
  public Stage linear(Operation.Linear linear) {
    int input = linear.input();
    Shape image = program.shape(input);
    return new LinearStage(make, gradients, linear, image, input(input), trained.contains(input));
  }

  @Override
  public Stage activation(Operation.Activation activation) {
    Eltwise function = activation.curve().accept(new Functions());
    return new EltwiseStage(make, function, input(activation.input()));
  }

  private static final class Functions implements Curve.Cases<Eltwise> {
    @Override
    public Eltwise gelu(Curve.Gelu gelu) {
      return Eltwise.GELU;
    }

    @Override
    public Eltwise silu(Curve.Silu silu) {
      return Eltwise.SILU;
    }

    @Override
    public Eltwise leakyRelu(Curve.LeakyRelu leaky) {
      return Eltwise.leakyRelu(leaky.slope());
    }
  }

  @Override
  public Stage batchNorm(Operation.BatchNorm norm) {
    norms.add(norm);
    Shape image = program.shape(norm.input());
    return new NormStage(
        make, gradients, norm, image, input(norm.input()), program.parameterCount());
  }

  @Override
  public Stage normalization(Piece.Normalization piece) {
    throw new IllegalStateException("OnednnFusions joins nothing to a normalisation");
  }

  @Override
  public Stage averagePool(Operation.AveragePool pool) {
    Pooling average = Pooling.average(pool.window());
    return ResamplingStage.pool(make, average, input(pool.input()), output(pool));
  }

  @Override
  public Stage globalAveragePool(Operation.GlobalAveragePool pool) {
    Pooling average = Pooling.globalAverage(program.shape(pool.input()));
    return ResamplingStage.pool(make, average, input(pool.input()), output(pool));
  }

  @Override
  public Stage normalize(Operation.Normalize normalize) {
    return new ChannelStage(make, normalize, input(normalize.input()));
  }

  @Override
  public Stage dropout(Operation.Dropout dropout) {
    Shape image = program.shape(dropout.input());
    return new DropoutStage(make, new DropoutMask(seed, dropout), image, input(dropout.input()));
  }
}
