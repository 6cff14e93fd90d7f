package belay.backend.cuda.update;

import belay.backend.ParameterGroups;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.net.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jcuda.Pointer;

/** What the kernels of an update know of single parameters. */
public final class UpdateTables {
  private final List<Parameter> parameters;
  private final TrainSpec spec;
  private final UpdateRule.Decay decay;
  private final int count;
  private final Arena.Slice covered; // [parameter values] bytes
  private final Arena.Slice ranges; // [parameters, RANGE] int
  private final Arena.Slice squares; // [parameters, 2, PARTS] f64
  private final Arena.Slice groups; // [parameters, GROUP] f32

  public UpdateTables(List<Parameter> parameters, TrainSpec spec, Arena arena) {
    this.parameters = parameters;
    this.spec = spec;
    this.decay = spec.rule().decay();
    this.count = parameters.stream().mapToInt(Parameter::size).sum();
    this.covered = arena.reserve(isPartial() ? count : 0);
    this.ranges = arena.reserve(4L * UpdateKernels.RANGE * parameters.size());
    this.squares = arena.reserve(8L * 2 * UpdateKernels.PARTS * parameters.size());
    this.groups = arena.reserve(4L * UpdateGroupKernels.GROUP * parameters.size());
  }

  private boolean isPartial() {
    return !decay.isNone() && parameters.stream().anyMatch(p -> !decay.covers(p.role()));
  }

  void upload() {
    if (isPartial()) {
      covered.upload(Pointer.to(coverage()), count);
    }
    ranges.upload(Pointer.to(rangeTable()), ranges.bytes());
    groups.upload(Pointer.to(groupTable()), groups.bytes());
  }

  private byte[] coverage() {
    byte[] bytes = new byte[count];
    for (Parameter parameter : parameters) {
      byte mark = (byte) (decay.covers(parameter.role()) ? 1 : 0);
      Arrays.fill(bytes, parameter.offset(), parameter.end(), mark);
    }
    return bytes;
  }

  /** What {@link #ranges} holds. */
  public int[] rangeTable() {
    return parameters.stream()
        .flatMapToInt(p -> IntStream.of(p.offset(), p.end(), isMatrix(p) ? 1 : 0))
        .toArray();
  }

  private boolean isMatrix(Parameter parameter) {
    return spec.rule().accept(new Matrices(parameter));
  }

  /** What {@link #groups} holds. */
  public float[] groupTable() {
    float[] table = new float[UpdateGroupKernels.GROUP * parameters.size()];
    int at = 0;
    for (Parameter parameter : parameters) {
      Optional<ParameterGroups.Frozen> frozen = spec.groups().frozen(parameter);
      table[at++] = spec.groups().rate(parameter);
      table[at++] = spec.groups().l2(parameter, decay);
      table[at++] = decay.covers(parameter.role()) ? decay.l1() : 0;
      table[at++] = frozen.map(ParameterGroups.Frozen::first).orElse(1);
      table[at++] = frozen.map(ParameterGroups.Frozen::last).orElse(0);
    }
    return table;
  }

  /** Whether any decay pulls anything. */
  boolean isDecayed() {
    return decay.l1() != 0
        || parameters.stream().anyMatch(parameter -> spec.groups().l2(parameter, decay) != 0);
  }

  /** Whether parameters differ. */
  boolean areGrouped() {
    return !spec.groups().isNone();
  }

  boolean isFrozenForGood(Parameter parameter) {
    return spec.groups().isFrozenForGood(parameter);
  }

  /** The row of a parameter. */
  Address group(Parameter parameter) {
    return groups.at((long) UpdateGroupKernels.GROUP * parameters.indexOf(parameter));
  }

  /** Which values decay pulls; null for all. */
  Arena.Slice covered() {
    return isPartial() ? covered : null;
  }

  public Arena.Slice groups() {
    return groups;
  }

  public Arena.Slice ranges() {
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
