package belay.backend;

/** Similarity of two samples x and z. */
public sealed interface KernelFunction {
  /** x . z */
  record Linear() implements KernelFunction {}

  /** exp(-gamma |x - z|^2) */
  record Rbf(double gamma) implements KernelFunction {}
}
