package belay.backend.cuda.update;

import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import java.util.ArrayList;
import java.util.List;

/**
 * The products that make a matrix [rows, columns] orthogonal, as the reference does, on the smaller
 * of its two sides.
 *
 * @param x the matrix
 * @param y as large
 * @param gram square of the smaller side
 * @param polynomial as large
 */
public record NewtonSchulzCalls(
    Address x, Address y, Address gram, Address polynomial, int rows, int columns, int steps) {
  private static final float A = UpdateRule.Muon.coefficient(0);
  private static final float B = UpdateRule.Muon.coefficient(1);
  private static final float C = UpdateRule.Muon.coefficient(2);

  /** After which {@link #end} holds the orthogonal matrix. */
  public List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Address from = step % 2 == 0 ? x : y;
      calls.add(square(from));
      calls.add(evaluation());
      calls.add(product(from, step % 2 == 0 ? y : x));
    }
    return calls;
  }

  /** Where the orthogonal matrix is. */
  public Address end() {
    return steps % 2 == 0 ? x : y;
  }

  private boolean isTall() {
    return rows >= columns;
  }

  private int side() {
    return Math.min(rows, columns);
  }

  /** x^T x of a tall matrix, else x x^T. */
  private Call square(Address from) {
    return isTall()
        ? MuonKernels.product(
            from, 1, columns, from, columns, 1, null, gram, side(), side(), rows, 0, 1)
        : MuonKernels.product(
            from, columns, 1, from, 1, columns, null, gram, side(), side(), columns, 0, 1);
  }

  /** b A + c A A of the gram matrix A. */
  private Call evaluation() {
    int n = side();
    return MuonKernels.product(gram, n, 1, gram, n, 1, gram, polynomial, n, n, n, B, C);
  }

  private Call product(Address from, Address to) {
    int n = side();
    return isTall()
        ? MuonKernels.product(from, columns, 1, polynomial, n, 1, from, to, rows, columns, n, A, 1)
        : MuonKernels.product(polynomial, n, 1, from, columns, 1, from, to, rows, columns, n, A, 1);
  }
}
