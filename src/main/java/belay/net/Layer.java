package belay.net;

/** One line of a network file. Every layer has a name that is unique in its network. */
public sealed interface Layer {
  String name();

  /**
   * Convolution with bias, stride 1 and a zero border that keeps height and width.
   *
   * @param filters output channels
   * @param kernel side of the square kernel, odd
   */
  record Conv(String name, int filters, int kernel) implements Layer {}

  /** max(0, x). */
  record Relu(String name) implements Layer {}

  /** Maximum over windows of size x size that do not overlap. */
  record MaxPool(String name, int size) implements Layer {}

  /** Nearest-neighbour upsampling: each value becomes a square of factor x factor. */
  record Upsample(String name, int factor) implements Layer {}

  /** Marks the value before it as the features that extraction writes. */
  record Latent(String name) implements Layer {}
}
