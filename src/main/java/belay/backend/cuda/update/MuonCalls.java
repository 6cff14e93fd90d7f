package belay.backend.cuda.update;

import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.frame.Frame;
import belay.net.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * The launches by which Muon changes one kernel after another, in one workspace: parts of two sums
 * of squares in f64, then two matrices of the kernel's size and two squares of its smaller side.
 *
 * @param first momentum
 */
record MuonCalls(
    Frame frame,
    UpdateRule.Muon rule,
    UpdateTables tables,
    Arena.Slice first,
    Arena.Slice workspace) {
  private static final int PARTS = 2 * 2 * UpdateKernels.PARTS; // of two sums, as f32

  /** Bytes that a kernel needs. */
  static long workspace(Parameter kernel) {
    long side = side(kernel);
    return 4 * (PARTS + 2L * kernel.size() + 2 * side * side);
  }

  private static int side(Parameter kernel) {
    int columns = UpdateRule.Muon.columns(kernel);
    return Math.min(columns, kernel.size() / columns);
  }

  List<Call> of(Parameter kernel) {
    int count = kernel.size();
    Address x = workspace.at(PARTS);
    NewtonSchulzCalls products = products(kernel, x);
    List<Call> calls = new ArrayList<>();
    calls.add(
        MuonKernels.momentum(
            first.at(kernel.offset()),
            frame.gradientAddress(kernel),
            frame.address(kernel),
            count,
            tables.group(kernel),
            frame.mail().scalars(),
            frame.epoch(),
            rule.momentum(),
            x,
            workspace));
    calls.add(MuonKernels.normalize(x, count, workspace));
    calls.addAll(products.calls());
    calls.add(
        MuonKernels.descend(
            frame.address(kernel),
            products.end(),
            count,
            tables.group(kernel),
            frame.mail().scalars(),
            frame.epoch(),
            workspace,
            rule.length(kernel),
            rule.scale(kernel)));
    return calls;
  }

  private NewtonSchulzCalls products(Parameter kernel, Address x) {
    int columns = UpdateRule.Muon.columns(kernel);
    int rows = kernel.size() / columns;
    long squares = PARTS + 2L * kernel.size();
    long side = side(kernel);
    return new NewtonSchulzCalls(
        x,
        workspace.at(PARTS + kernel.size()),
        workspace.at(squares),
        workspace.at(squares + side * side),
        rows,
        columns,
        rule.form().steps());
  }
}
