package belay.net;

/** What a parameter is to its operation; a switch over all roles compiles until one is added. */
public enum Role {
  /** Multiplies inputs [Kh, Kw, Cin, Cout]. */
  KERNEL,

  /** Added to each output channel [Cout]. */
  BIAS
}
