package belay.net;

import java.util.List;

/**
 * One tensor of trained values inside the network's single contiguous parameter vector.
 *
 * @param name layer and role, for example enc1/w
 * @param shape of a kernel [Kh, Kw, Cin, Cout], of a bias [Cout]
 * @param offset index of the first value in the parameter vector
 * @param fanIn values that feed one output: Kh Kw Cin
 * @param fanOut outputs that one value feeds: Kh Kw Cout
 */
public record Parameter(String name, List<Integer> shape, int offset, int fanIn, int fanOut) {
  public Parameter {
    shape = List.copyOf(shape);
  }

  public int size() {
    return shape.stream().reduce(1, (a, b) -> a * b);
  }

  /** One past the last value in the parameter vector. */
  public int end() {
    return offset + size();
  }

  public boolean isBias() {
    return shape.size() == 1;
  }
}
