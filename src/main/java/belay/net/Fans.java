package belay.net;

/**
 * How widely a kernel is connected, which its first values depend on; a bias has its kernel's.
 *
 * @param in values that feed one output: Kh Kw Cin
 * @param out outputs that one value feeds: Kh Kw Cout
 */
public record Fans(int in, int out) {}
