package belay.svm;

import belay.backend.FloatMatrix;
import belay.backend.SvmPlan;
import java.util.Arrays;

/** Scaled support vectors, sorted by class, wherever they lie. */
public interface SupportVectors {
  int rows();

  int columns();

  /**
   * @param out receives row-major [count, columns]
   */
  void copy(int first, int count, float[] out);

  /** All of them in the Java heap. */
  default FloatMatrix matrix() {
    FloatMatrix all = new FloatMatrix(rows(), columns());
    copy(0, rows(), all.values());
    return all;
  }

  static SupportVectors of(FloatMatrix matrix) {
    return new InHeap(matrix);
  }

  /**
   * Samples of a plan that is still open.
   *
   * @param places ascending [s]
   */
  static SupportVectors of(SvmPlan plan, int[] places, int columns) {
    return new InPlan(plan, places, columns);
  }

  /** In one array. */
  record InHeap(FloatMatrix matrix) implements SupportVectors {
    @Override
    public int rows() {
      return matrix.rows();
    }

    @Override
    public int columns() {
      return matrix.columns();
    }

    @Override
    public void copy(int first, int count, float[] out) {
      System.arraycopy(matrix.values(), first * columns(), out, 0, count * columns());
    }
  }

  /** Where they were trained. */
  record InPlan(SvmPlan plan, int[] places, int columns) implements SupportVectors {
    @Override
    public int rows() {
      return places.length;
    }

    @Override
    public void copy(int first, int count, float[] out) {
      plan.rows(Arrays.copyOfRange(places, first, first + count), out);
    }
  }
}
