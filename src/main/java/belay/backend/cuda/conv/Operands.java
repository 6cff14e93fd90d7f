package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;

/**
 * Where a gathered product finds its tensors; null for those that its epilogue does not use.
 *
 * @param bias in the parameter vector
 * @param addend like y, which it may be
 */
public record Operands(
    Address x,
    Address weights,
    Address bias,
    Address mask,
    Address addend,
    Address y,
    Address argmax,
    ColumnSums sums) {
  /** Those of a product that adds a bias, or none where it is null. */
  public Operands(Address x, Address weights, Address bias, Address y) {
    this(x, weights, bias, null, null, y, null, ColumnSums.NONE);
  }

  /** The same without sums. */
  public Operands withoutSums() {
    return new Operands(x, weights, bias, mask, addend, y, argmax, ColumnSums.NONE);
  }
}
