package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;

/**
 * Where a gathered product finds its tensors; null for those that its epilogue does not use.
 *
 * @param bias in the parameter vector
 * @param columnSums receives sums of y over successive pixels; null for none
 */
public record Operands(
    Address x,
    Address weights,
    Address bias,
    Address mask,
    Address y,
    Address argmax,
    Address columnSums) {
  /** The same without sums. */
  public Operands withoutSums() {
    return new Operands(x, weights, bias, mask, y, argmax, null);
  }
}
