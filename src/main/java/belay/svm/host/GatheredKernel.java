package belay.svm.host;

/** The matrix of a pair of classes as a part of the matrix of all samples. */
final class GatheredKernel implements KernelSource {
  private final float[][] all; // [n, n]
  private final Range a;
  private final Range b;
  private final float[] diagonal;
  private final float[][] turns; // [2][size]
  private int turn;

  /**
   * @param diagonal kernel(i, i) of the pair's samples
   */
  GatheredKernel(float[][] all, Range a, Range b, float[] diagonal) {
    this.all = all;
    this.a = a;
    this.b = b;
    this.diagonal = diagonal;
    this.turns = new float[2][size()];
  }

  @Override
  public int size() {
    return a.count() + b.count();
  }

  @Override
  public float[] row(int index) {
    float[] source = all[index < a.count() ? a.first() + index : b.first() + index - a.count()];
    turn ^= 1;
    System.arraycopy(source, a.first(), turns[turn], 0, a.count());
    System.arraycopy(source, b.first(), turns[turn], a.count(), b.count());
    return turns[turn];
  }

  @Override
  public float[] diagonal() {
    return diagonal;
  }
}
