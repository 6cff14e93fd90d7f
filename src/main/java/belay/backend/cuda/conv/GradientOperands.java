package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;

/**
 * What the gradient of a kernel reads and writes.
 *
 * @param x gathered [images, in]
 * @param d [images, grid]
 * @param sums receives [parts][depth][outputs]
 * @param columns receives the sums of d [parts][outputs]; null where nobody wants them
 */
public record GradientOperands(Address x, Address d, Address sums, Address columns) {
  GradientOperands withoutColumns() {
    return new GradientOperands(x, d, sums, null);
  }
}
