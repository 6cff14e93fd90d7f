package belay.backend.cuda.update;

import belay.backend.TrainSpec;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.EnumMap;
import java.util.Map;
import jcuda.Pointer;

/** What training keeps beside the weights, and the launches from gradient to weights. */
public final class CudaUpdate {
  private final Frame frame;
  private final TrainSpec spec;
  private final UpdateTables tables;
  private final Map<Slot, Arena.Slice> slots = new EnumMap<>(Slot.class);
  private final Arena.Slice partial; // squares of the gradient [SQUARES] f64
  private final Arena.Slice workspace;

  public CudaUpdate(Frame frame, TrainSpec spec, Arena arena) {
    this.frame = frame;
    this.spec = spec;
    this.tables = new UpdateTables(frame.program().parameters(), spec, arena);
    for (Slot slot : spec.slots()) {
      slots.put(slot, arena.reserve(4L * frame.paddedParameters()));
    }
    this.partial = arena.reserve(8L * UpdateKernels.SQUARES);
    this.workspace = arena.reserve(spec.rule().accept(new UpdateWorkspace(tables.parameters())));
  }

  public void upload(TrainState start) {
    tables.upload();
    slots.forEach(
        (slot, slice) -> {
          slice.clear();
          slice.upload(Pointer.to(start.slot(slot)), 4L * tables.count());
        });
  }

  /** Records an update. */
  public void record(Tape tape) {
    TrainSpec.Clipping clipping = spec.clipping();
    if (clipping.norm() > 0) {
      tape.add(
          UpdateKernels.squares(
              frame.parameterGradient(), frame.paddedParameters(), clipping.value(), partial));
    }
    spec.rule()
        .accept(new UpdateCalls(frame, tables, slots, partial, workspace, clipping))
        .forEach(tape::add);
    if (spec.average().isKept()) {
      tape.add(
          UpdateKernels.average(
              average(), frame.parameters(), tables.count(), frame.mail().scalars()));
    }
  }

  private Arena.Slice average() {
    return slots.get(Slot.AVERAGE);
  }

  /** Records what puts the average in the weights' place, and when called again, back. */
  public void recordExchange(Tape tape) {
    if (spec.average().isKept()) {
      tape.join(); // what runs aside may still read the weights
      tape.add(UpdateKernels.exchange(average(), frame.parameters(), tables.count()));
    }
  }

  /** What the launches read in a step; its number is from 1. */
  public float[] scalars(float rate, long step) {
    return UpdateScalars.of(spec, rate, step);
  }

  /** A copy of what is kept. */
  public Map<Slot, float[]> snapshot() {
    Map<Slot, float[]> kept = new EnumMap<>(Slot.class);
    slots.forEach(
        (slot, slice) -> {
          float[] values = new float[tables.count()];
          slice.download(Pointer.to(values), 4L * values.length);
          kept.put(slot, values);
        });
    return kept;
  }
}
