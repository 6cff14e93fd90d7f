package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kernel and bias of a convolution or a matrix product. What has no bias gets zeros, whose gradient
 * nobody reads.
 */
final class KernelWeights implements Weights {
  private final Kernel kernel;
  private final Passes passes;
  private final GradientLayout gradients;
  private final float[] values; // [Kh, Kw, Cin, Cout], on its way to or from native memory
  private final float[] biases; // [Cout]
  private final Buffer plain; // the same as values
  private final Buffer forward;
  private final Buffer backward; // null where nobody asks for the gradient of the input
  private final Buffer bias;
  private final List<Primitive.Call> fromPlain;
  private final Primitive.Call toPlain; // null without training
  private final Primitive adaptGradient; // null where it comes as it has to lie

  /**
   * The primitives that use the weights.
   *
   * @param weightsGradient null without training
   * @param dataGradient null where nobody asks for the gradient of the input
   */
  record Passes(Primitive forward, Primitive weightsGradient, Primitive dataGradient) {}

  KernelWeights(Primitives make, Kernel kernel, Passes passes, GradientLayout gradients) {
    this.kernel = kernel;
    this.passes = passes;
    this.gradients = gradients;
    this.values = new float[kernel.values()];
    this.biases = new float[kernel.outputs()];
    this.plain = make.allocate((long) Float.BYTES * values.length);
    // Blocked layouts read a whole last block of channels.
    this.bias = make.allocate(Buffer.aligned((long) Float.BYTES * biases.length));
    this.forward = bufferFor(make, passes.forward());
    this.backward = bufferFor(make, passes.dataGradient());
    this.fromPlain = new ArrayList<>();
    fill(make, passes.forward(), forward);
    fill(make, passes.dataGradient(), backward);
    Primitive gradient = passes.weightsGradient();
    this.toPlain = gradient == null ? null : toPlain(make);
    this.adaptGradient = gradient == null ? null : adaptation(make);
    if (gradient != null) { // places are given before the first buffer of gradients is made
      kernel.bias().ifPresent(this::biasPlace);
    }
  }

  private static Buffer bufferFor(Primitives make, Primitive user) {
    return user == null ? null : make.allocate(user.descriptor(Dnnl.WEIGHTS));
  }

  /** Fills a kernel from the plain one at each loading. */
  private void fill(Primitives make, Primitive user, Buffer buffer) {
    if (user != null) {
      Primitive reorder = make.reorder(kernel.plain(make), user.descriptor(Dnnl.WEIGHTS));
      fromPlain.add(make.bound(reorder, plain, buffer));
    }
  }

  private GradientLayout.Place kernelPlace() {
    Descriptor wanted = passes.weightsGradient().descriptor(Dnnl.DIFF_WEIGHTS);
    return gradients.place(kernel.weights(), wanted);
  }

  private GradientLayout.Place biasPlace(Parameter parameter) {
    return gradients.place(parameter, passes.weightsGradient().descriptor(Dnnl.DIFF_BIAS));
  }

  private Primitive.Call toPlain(Primitives make) {
    Descriptor layout = kernelPlace().layout();
    Buffer elsewhere = make.allocate(layout); // moved to the sum before each use
    return make.bound(make.reorder(layout, kernel.plain(make)), elsewhere, plain);
  }

  private Primitive adaptation(Primitives make) {
    Descriptor own = passes.weightsGradient().descriptor(Dnnl.DIFF_WEIGHTS);
    Descriptor shared = kernelPlace().layout();
    return own.sameAs(shared) ? null : make.reorder(own, shared);
  }

  Buffer forward() {
    return forward;
  }

  Buffer bias() {
    return bias;
  }

  /** Appends the product with its bias. */
  void bindForward(Tape tape, Stage.Site site, Buffer y) {
    tape.forward(
        passes.forward(),
        Map.of(
            Dnnl.SOURCE, site.x(),
            Dnnl.WEIGHTS, forward,
            Dnnl.BIAS, bias,
            Dnnl.DESTINATION, y));
  }

  /**
   * Appends the gradients of kernel and bias, and that of the input where somebody asks for it.
   *
   * @param dy gradient of the product
   */
  void bindBackward(Tape tape, Stage.Site site, Buffer dy) {
    bindGradient(tape, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DIFF_DESTINATION, dy));
    if (passes.dataGradient() != null) {
      tape.backward(
          passes.dataGradient(),
          Map.of(
              Dnnl.DIFF_DESTINATION, dy,
              Dnnl.WEIGHTS, backward,
              Dnnl.DIFF_SOURCE, site.dx()));
    }
  }

  /** The implementations that oneDNN chose. */
  String describe() {
    return Stream.of(passes.forward(), passes.weightsGradient(), passes.dataGradient())
        .filter(Objects::nonNull)
        .map(Primitive::implementation)
        .collect(Collectors.joining(" "));
  }

  private void bindGradient(Tape tape, Map<Integer, Buffer> arguments) {
    Map<Integer, Buffer> all = new LinkedHashMap<>(arguments);
    Map<Integer, Long> offsets = new LinkedHashMap<>();
    Primitive gradient = passes.weightsGradient();
    Descriptor biasLayout = gradient.descriptor(Dnnl.DIFF_BIAS);
    kernel
        .bias()
        .ifPresentOrElse(
            b -> offsets.put(Dnnl.DIFF_BIAS, biasPlace(b).offset()),
            () -> all.put(Dnnl.DIFF_BIAS, tape.allocate(biasLayout)));
    if (adaptGradient == null) {
      offsets.put(Dnnl.DIFF_WEIGHTS, kernelPlace().offset());
      tape.backward(gradient, all, offsets);
    } else {
      Buffer own = tape.allocate(gradient.descriptor(Dnnl.DIFF_WEIGHTS));
      all.put(Dnnl.DIFF_WEIGHTS, own);
      tape.backward(gradient, all, offsets);
      tape.backward(
          adaptGradient,
          Map.of(Dnnl.SOURCE, own),
          Map.of(Dnnl.DESTINATION, kernelPlace().offset()));
    }
  }

  @Override
  public boolean load(float[] weights) {
    kernel.form().expand(kernel.weights(), weights, values);
    plain.write(values, values.length);
    fromPlain.forEach(Primitive.Call::run);
    kernel.bias().ifPresent(b -> copyBias(b.offset(), b.size(), weights));
    bias.write(biases, biases.length);
    return Float.isFinite(Weights.zeroOf(values) + Weights.zeroOf(biases));
  }

  /** A copy for each phase. */
  private void copyBias(int offset, int size, float[] weights) {
    for (int i = 0; i < biases.length; i++) {
      biases[i] = weights[offset + i % size];
    }
  }

  @Override
  public void storeGradient(Buffer sum, float[] gradient) {
    toPlain.move(Dnnl.SOURCE, kernelPlace().in(sum));
    toPlain.run();
    plain.read(values, values.length);
    kernel.form().fold(kernel.weights(), values, gradient);
    kernel
        .bias()
        .ifPresent(
            b -> {
              biasPlace(b).in(sum).read(biases, biases.length);
              sumBiases(b.offset(), b.size(), gradient);
            });
  }

  private void sumBiases(int offset, int size, float[] gradient) {
    for (int o = 0; o < size; o++) {
      float sum = 0;
      for (int i = o; i < biases.length; i += size) {
        sum += biases[i];
      }
      gradient[offset + o] = sum;
    }
  }
}
