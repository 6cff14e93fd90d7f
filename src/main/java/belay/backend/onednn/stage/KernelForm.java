package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.ConvSize;
import belay.net.Operation;
import belay.net.Parameter;
import java.util.Arrays;

/**
 * How a convolution runs. A 3x3 convolution of an image upsampled by 2 (nearest) needs only 2x2
 * taps of the small image for each of the four output phases, 2.25 times fewer operations: taps
 * that meet the same small pixel are added beforehand, and their gradients are the same.
 */
enum KernelForm {
  /** As the network says. */
  PLAIN(new int[][] {{}}, 0, 1),

  /**
   * Upsampling included: a transposed convolution with a 4x4 kernel and stride 2, whose four phases
   * are the 2x2 convolutions.
   */
  TRANSPOSED(new int[][] {{3, 1, 1}, {2, 2, 0}}, 4, 1),

  /**
   * Upsampling included: a 3x3 convolution of the small image with one group of output channels for
   * each phase [row, column]. For few channels, which fill a vector only together.
   */
  PHASES(new int[][] {{0, 1, 1}, {1, 1, 2}}, 3, 4);

  private static final int TAPS = 3;
  private static final int VECTOR = 16; // channels that vector code rounds up to

  private final int[][] tap; // [phase][tap of 3] -> tap of the kernel that runs
  private final int side;
  private final int groups;

  KernelForm(int[][] tap, int side, int groups) {
    this.tap = tap;
    this.side = side;
    this.groups = groups;
  }

  /** The form with the fewest operations for upsampling by 2, then a 3x3 convolution. */
  static KernelForm ofUpsampled(int outputs, boolean phasesAllowed) {
    int phases = 9 * roundedUp(4 * outputs);
    int transposed = 16 * roundedUp(outputs);
    return phasesAllowed && phases < transposed ? PHASES : TRANSPOSED;
  }

  private static int roundedUp(int channels) {
    return (channels + VECTOR - 1) / VECTOR * VECTOR;
  }

  ConvSize size(Operation.Conv conv) {
    int inputs = conv.weights().shape().get(2);
    int outputs = conv.weights().shape().get(3);
    return switch (this) {
      case PLAIN ->
          new ConvSize(
              conv.kernel(), inputs, outputs, conv.window().stride(), conv.window().padding());
      case TRANSPOSED -> new ConvSize(side, inputs, outputs, 2, 1);
      case PHASES -> new ConvSize(side, inputs, groups * outputs, 1, 1);
    };
  }

  /**
   * @param parameters the parameter vector
   * @param kernel receives [side, side, Cin, groups Cout]
   */
  void expand(Parameter weights, float[] parameters, float[] kernel) {
    int offset = weights.offset();
    if (this == PLAIN) {
      System.arraycopy(parameters, offset, kernel, 0, weights.size());
      return;
    }
    Arrays.fill(kernel, 0);
    forEachRow(
        weights,
        (from, to, length) -> {
          for (int o = 0; o < length; o++) {
            kernel[to + o] += parameters[offset + from + o];
          }
        });
  }

  /**
   * The transpose of {@link #expand}.
   *
   * @param kernelGradient [side, side, Cin, groups Cout]
   * @param gradient of the parameter vector; the kernel's part is overwritten
   */
  void fold(Parameter weights, float[] kernelGradient, float[] gradient) {
    int offset = weights.offset();
    if (this == PLAIN) {
      System.arraycopy(kernelGradient, 0, gradient, offset, weights.size());
      return;
    }
    Arrays.fill(gradient, offset, weights.end(), 0);
    forEachRow(
        weights,
        (from, to, length) -> {
          for (int o = 0; o < length; o++) {
            gradient[offset + from + o] += kernelGradient[to + o];
          }
        });
  }

  /** Visits rows of output channels that belong together, always in the same order. */
  private void forEachRow(Parameter weights, Row row) {
    int inputs = weights.shape().get(2);
    int outputs = weights.shape().get(3);
    for (int phase = 0; phase < 4; phase++) {
      int group = groups == 1 ? 0 : phase;
      for (int t = 0; t < TAPS * TAPS; t++) {
        int target = tap[phase / 2][t / TAPS] * side + tap[phase % 2][t % TAPS];
        for (int c = 0; c < inputs; c++) {
          int from = (t * inputs + c) * outputs;
          int to = ((target * inputs + c) * groups + group) * outputs;
          row.visit(from, to, outputs);
        }
      }
    }
  }

  /** A run of output channels in the network's kernel and in the kernel that runs. */
  private interface Row {
    void visit(int from, int to, int length);
  }
}
