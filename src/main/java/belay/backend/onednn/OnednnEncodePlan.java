package belay.backend.onednn;

import belay.backend.EncodePlan;
import belay.backend.StopFlag;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Scope;
import belay.backend.onednn.stage.GradientLayout;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Program;
import java.util.List;

/** Encodes slices of images side by side. */
final class OnednnEncodePlan implements EncodePlan {
  private final Scope scope;
  private final Crew crew;
  private final StopFlag stop;
  private final ImageSet images;
  private final float[] weights;
  private final int featureCount;
  private final Graph graph;

  /**
   * @param scope owned from now on
   */
  OnednnEncodePlan(
      Scope scope,
      Crew crew,
      StopFlag stop,
      Recipe recipe,
      Program program,
      Mark upTo,
      int batch,
      ImageSet images,
      float[] weights) {
    this.scope = scope;
    this.crew = crew;
    this.stop = stop;
    this.images = images;
    this.weights = weights.clone();
    this.featureCount = program.shape(program.value(upTo)).size();
    this.graph = recipe.graph(scope, program, upTo, Recipe.sliceOfCall(batch), GradientLayout::new);
    graph.prepare(crew.workers());
  }

  /** Takes the weights into native memory; not on a thread of the crew. */
  OnednnEncodePlan loaded() {
    graph.load(crew, weights);
    return this;
  }

  @Override
  public void encode(int first, int count, float[] features) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = first + i;
    }
    List<Slice> slices = Slice.of(count, count, all -> graph.images());
    new Shards(crew, stop, slices).run((slice, collect) -> encode(rows, slice, features));
  }

  private void encode(int[] rows, Slice slice, float[] features) {
    Lane lane = graph.take();
    try {
      lane.forward(images, rows, slice);
      lane.features(features, slice.from() * featureCount);
    } finally {
      graph.give(lane);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
