package belay.backend.cuda.conv;

import java.util.Locale;

/** What a product does with its sums before it writes them. */
public enum Epilogue {
  PLAIN,
  RELU,
  POOL,
  MASK,
  UNPOOL,

  /** Adds another tensor, then masks. */
  ADD,

  /** Plain, with the moments of each channel; by tensor cores alone. */
  MOMENTS;

  /** Word in the names of kernels. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
