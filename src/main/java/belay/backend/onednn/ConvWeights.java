package belay.backend.onednn;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.ConvSize;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Scope;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Operation;
import java.util.ArrayList;
import java.util.List;

/** Kernel and bias of one convolution in the layouts that its primitives want. */
final class ConvWeights {
  private final Operation.Conv conv;
  private final KernelForm form;
  private final ConvSize size;
  private final float[] values; // [side, side, Cin, Cout], on its way to or from native memory
  private final float[] biases; // [Cout]
  private final Buffer plain; // the same as values
  private final Buffer forward;
  private final Buffer backward; // null where nobody asks for the gradient of the input
  private final Buffer bias;
  private final List<Primitive.Call> fromPlain = new ArrayList<>();
  private final long gradientOffset;
  private final Descriptor gradientLayout; // of the kernel's; null without training
  private final long kernelBytes; // of the gradient
  private Primitive.Call toPlain;
  private Buffer biasSum;

  /**
   * @param gradientOffset where its gradients begin in each buffer of gradients
   */
  ConvWeights(
      Scope scope,
      Primitives make,
      Operation.Conv conv,
      KernelForm form,
      ConvStage stage,
      long gradientOffset) {
    this.conv = conv;
    this.form = form;
    this.size = form.size(conv);
    this.gradientOffset = gradientOffset;
    this.values = new float[size.kernelValues()];
    this.biases = new float[size.outputs()];
    this.plain = scope.allocate(4L * values.length);
    // Blocked layouts read a whole last block of channels.
    this.bias = scope.allocate(Buffer.aligned(4L * biases.length));
    this.forward = inLayoutOf(scope, make, stage.forward());
    this.backward =
        stage.dataBackward() == null ? null : inLayoutOf(scope, make, stage.dataBackward());
    this.gradientLayout =
        make.training() ? stage.weightsBackward().descriptor(Dnnl.DIFF_WEIGHTS) : null;
    this.kernelBytes = make.training() ? gradientLayout.bytes() : 0;
  }

  /** A kernel for that primitive, filled from the plain one at each loading. */
  private Buffer inLayoutOf(Scope scope, Primitives make, Primitive user) {
    Descriptor layout = user.descriptor(Dnnl.WEIGHTS);
    Buffer kernel = scope.allocate(layout.bytes());
    fromPlain.add(make.bound(make.reorder(plain(make), layout), plain, kernel));
    return kernel;
  }

  private Descriptor plain(Primitives make) {
    return make.plainKernel(size.side(), size.side(), size.inputs(), size.outputs());
  }

  Buffer forward() {
    return forward;
  }

  Buffer backward() {
    return backward;
  }

  Buffer bias() {
    return bias;
  }

  /** Bytes of the gradients of kernel and bias. */
  long gradientBytes() {
    return Buffer.aligned(kernelBytes) + Buffer.aligned(4L * biases.length);
  }

  Buffer kernelGradient(Tape tape) {
    return tape.gradient(gradientOffset, kernelBytes);
  }

  Buffer biasGradient(Tape tape) {
    return tape.gradient(gradientOffset + Buffer.aligned(kernelBytes), 4L * biases.length);
  }

  /**
   * @param sum gradients summed over all shards
   */
  void readGradientFrom(Primitives make, Buffer sum) {
    Buffer kernel = sum.slice(gradientOffset, kernelBytes);
    toPlain = make.bound(make.reorder(gradientLayout, plain(make)), kernel, plain);
    biasSum = sum.slice(gradientOffset + Buffer.aligned(kernelBytes), 4L * biases.length);
  }

  /**
   * Takes kernel and bias from the parameter vector.
   *
   * @return whether all of them are finite
   */
  boolean load(float[] parameters) {
    form.expand(conv, parameters, values);
    plain.write(values, values.length);
    fromPlain.forEach(Primitive.Call::run);
    conv.bias().ifPresent(b -> copyBias(b.offset(), parameters));
    bias.write(biases, biases.length);
    return Float.isFinite(zeroOf(values) + zeroOf(biases));
  }

  /** A copy for each phase. */
  private void copyBias(int offset, float[] parameters) {
    for (int i = 0; i < biases.length; i++) {
      biases[i] = parameters[offset + i % conv.filters()];
    }
  }

  /** 0, or NaN if a value is infinite or not a number; four sums, so that they overlap in time. */
  private static float zeroOf(float[] values) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < values.length; i += 4) {
      a += 0 * values[i];
      b += 0 * values[i + 1];
      c += 0 * values[i + 2];
      d += 0 * values[i + 3];
    }
    for (; i < values.length; i++) {
      a += 0 * values[i];
    }
    return a + b + c + d;
  }

  /** Writes its part of the gradient of the parameter vector. */
  void storeGradient(float[] gradient) {
    toPlain.run();
    plain.read(values, values.length);
    form.fold(conv, values, gradient);
    biasSum.read(biases, biases.length);
    conv.bias().ifPresent(b -> sumBiases(b.offset(), gradient));
  }

  private void sumBiases(int offset, float[] gradient) {
    int outputs = conv.filters();
    for (int o = 0; o < outputs; o++) {
      float sum = 0;
      for (int i = o; i < biases.length; i += outputs) {
        sum += biases[i];
      }
      gradient[offset + o] = sum;
    }
  }
}
