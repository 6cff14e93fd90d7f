package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Arena;
import belay.backend.fusion.Piece;
import belay.net.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The gradients of a program's values. */
public final class Gradients {
  private final Frame frame;
  private final Arena arena;
  private final Arena.Slice another;
  // Memory for each value: weight gradients read it while the main line is already further back.
  private final Map<Integer, Gradient> gradients = new TreeMap<>();

  Gradients(Frame frame, Arena arena) {
    this.frame = frame;
    this.arena = arena;
    this.another = arena.reserve(0);
  }

  Gradient of(int value) {
    return gradients.computeIfAbsent(value, v -> new Gradient(frame, v, arena.reserve(0), another));
  }

  /** Finds which values need a gradient: those on a way from parameters to the output. */
  public void expect(List<Piece> pieces) {
    Program program = frame.program();
    Set<Integer> trained = trained(pieces);
    if (trained.contains(program.output())) {
      of(program.output()).expectReader();
    }
    List<Piece> reversed = new ArrayList<>(pieces);
    Collections.reverse(reversed);
    for (Piece piece : reversed) {
      if (of(piece.output()).isWanted()) {
        piece.inputs().stream().filter(trained::contains).forEach(v -> of(v).expectReader());
      }
    }
  }

  /** Values that depend on parameters. */
  private Set<Integer> trained(List<Piece> pieces) {
    Set<Integer> trained = new HashSet<>();
    for (Piece piece : pieces) {
      boolean trains =
          piece.operations().stream()
              .flatMap(operation -> operation.parameters().stream())
              .anyMatch(frame::trains);
      if (trains || piece.inputs().stream().anyMatch(trained::contains)) {
        trained.add(piece.output());
      }
    }
    return trained;
  }

  /** Makes room for all, once all stages are there. */
  public void reserve() {
    gradients.values().forEach(Gradient::reserve);
  }

  /** Begins a new tape. */
  public void begin() {
    gradients.values().forEach(Gradient::begin);
  }
}
