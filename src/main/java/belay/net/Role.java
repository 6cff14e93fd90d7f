package belay.net;

/** What a parameter is to its operation; a switch over all roles compiles until one is added. */
public enum Role {
  /** Multiplies inputs: of a convolution [Kh, Kw, Cin, Cout], of a linear operation [I, O]. */
  KERNEL,

  /** Added to each output channel [Cout]. */
  BIAS,

  /** Multiplies each normalised channel [C]. */
  SCALE,

  /** Added to each normalised channel [C]. */
  SHIFT
}
