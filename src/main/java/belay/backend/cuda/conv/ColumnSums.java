package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;

/**
 * Where a product leaves sums over {@link TensorGatherGemmKernels#PART} successive pixels of what
 * it writes, f32.
 *
 * @param to [parts, C]: of y; [parts, 2, C] where a normalisation asks: forward means and squared
 *     deviations from them, backward sums of y and of y (normed - around). Null for none
 * @param normed like y: what the normalisation reads, backward; null for none
 * @param around f32 [C]: what is taken off each value before it is multiplied; null for nothing
 */
public record ColumnSums(Address to, Address normed, Address around) {
  public static final ColumnSums NONE = new ColumnSums(null, null, null);

  /** Of y alone; null for none. */
  public static ColumnSums of(Address to) {
    return new ColumnSums(to, null, null);
  }
}
