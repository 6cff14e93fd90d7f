package belay.backend.cuda.update;

import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Arena;
import belay.net.Parameter;
import belay.net.Role;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jcuda.Pointer;

/** What the kernels of an update know of single parameters. */
public final class UpdateTables {
  private final List<Parameter> parameters;
  private final UpdateRule.Decay decay;
  private final int count;
  private final Arena.Slice covered; // [parameter values] bytes
  private final Arena.Slice ranges; // [parameters, RANGE] int
  private final Arena.Slice squares; // [parameters, 2, PARTS] f64

  public UpdateTables(List<Parameter> parameters, UpdateRule.Decay decay, Arena arena) {
    this.parameters = parameters;
    this.decay = decay;
    this.count = parameters.stream().mapToInt(Parameter::size).sum();
    this.covered = arena.reserve(isPartial() ? count : 0);
    this.ranges = arena.reserve(4L * UpdateKernels.RANGE * parameters.size());
    this.squares = arena.reserve(8L * 2 * UpdateKernels.PARTS * parameters.size());
  }

  private boolean isPartial() {
    return !decay.isNone() && parameters.stream().anyMatch(p -> !decay.covers(p.role()));
  }

  void upload() {
    if (isPartial()) {
      covered.upload(Pointer.to(coverage()), count);
    }
    ranges.upload(Pointer.to(table()), ranges.bytes());
  }

  private byte[] coverage() {
    byte[] bytes = new byte[count];
    for (Parameter parameter : parameters) {
      byte mark = (byte) (decay.covers(parameter.role()) ? 1 : 0);
      Arrays.fill(bytes, parameter.offset(), parameter.end(), mark);
    }
    return bytes;
  }

  private int[] table() {
    return parameters.stream()
        .flatMapToInt(p -> IntStream.of(p.offset(), p.end(), p.role() == Role.KERNEL ? 1 : 0))
        .toArray();
  }

  /** Which values decay pulls; null for all. */
  Arena.Slice covered() {
    return isPartial() ? covered : null;
  }

  Arena.Slice ranges() {
    return ranges;
  }

  Arena.Slice squares() {
    return squares;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /** Values of all parameters. */
  int count() {
    return count;
  }
}
