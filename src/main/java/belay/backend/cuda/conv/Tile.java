package belay.backend.cuda.conv;

/**
 * A variant of a product's kernel.
 *
 * @param rows of the product that a block makes
 * @param columns of the product that a block makes
 * @param threads of a block
 * @param shared bytes of dynamic shared memory
 * @param resident blocks on a multiprocessor at a time
 * @param efficiency relative to the largest tile
 */
public record Tile(
    int rows, int columns, int threads, int shared, int resident, double efficiency) {
  /** Word in the names of kernels. */
  public String name() {
    return rows + "x" + columns;
  }

  /** Blocks of a product of so many rows. */
  public long blocks(long height, int width) {
    return (long) down(height) * across(width);
  }

  public int down(long height) {
    return (int) ((height + rows - 1) / rows);
  }

  int across(int width) {
    return (width + columns - 1) / columns;
  }

  /** Work of the busiest multiprocessor; one that is not full hides less latency. */
  public double cost(long blocks, int multiprocessors) {
    long each = (blocks + multiprocessors - 1) / multiprocessors;
    double alone = each < resident ? 0.8 : 1;
    return each * rows * columns / (efficiency * alone);
  }

  /** What a product of this size costs with its waste at the edges. */
  public double area(long height, int width) {
    return (double) blocks(height, width) * rows * columns / efficiency;
  }
}
