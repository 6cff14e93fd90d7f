package belay.net;

import java.util.List;

/**
 * One tensor of trained values inside the network's single contiguous parameter vector.
 *
 * @param name operation and letter, for example enc1/w
 * @param shape of a kernel [Kh, Kw, Cin, Cout], of a bias [Cout]
 * @param offset index of the first value in the parameter vector
 */
public record Parameter(String name, List<Integer> shape, int offset, Role role, Fans fans) {
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
}
