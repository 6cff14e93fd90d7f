package belay.backend.onednn;

import belay.backend.onednn.dnnl.Crew;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * One graph for each number of images that slices have, so that what a slice finds depends on its
 * images alone.
 */
final class Graphs {
  private final Crew crew;
  private final IntFunction<Graph> compile;
  private final Graph usual;
  private final Map<Integer, Graph> graphs = new HashMap<>();
  private final Set<Graph> loaded = new HashSet<>();
  private boolean finite = true;

  /**
   * @param compile for so many images; called on the crew's threads
   */
  Graphs(Crew crew, Graph usual, IntFunction<Graph> compile) {
    this.crew = crew;
    this.usual = usual;
    this.compile = compile;
    graphs.put(usual.images(), usual);
  }

  Graph usual() {
    return usual;
  }

  /** The graph for exactly so many images, of those that have been made ready. */
  Graph of(int images) {
    return graphs.get(images);
  }

  /** Compiles what is missing and loads the weights where they are not; not on the crew. */
  void makeReady(List<Slice> slices, float[] weights) {
    for (Slice slice : slices) {
      Graph graph = graphs.computeIfAbsent(slice.size(), n -> crew.call(() -> compile.apply(n)));
      if (loaded.add(graph)) {
        finite &= graph.load(crew, weights);
      }
    }
  }

  /** The weights have changed. */
  void forget() {
    loaded.clear();
    finite = true;
  }

  /** Whether all weights that have been loaded are numbers. */
  boolean isFinite() {
    return finite;
  }
}
