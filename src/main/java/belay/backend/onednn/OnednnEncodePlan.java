package belay.backend.onednn;

import belay.backend.EncodePlan;
import belay.backend.StopFlag;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Scope;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Program;

/** Encodes shards of images side by side. */
final class OnednnEncodePlan implements EncodePlan {
  private final Scope scope;
  private final Crew crew;
  private final StopFlag stop;
  private final ImageSet images;
  private final float[] weights;
  private final int featureCount;
  private final Chain chain;
  private final Lane[] lanes; // [workers]

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
    this.chain = recipe.chain(scope, program, upTo, batch, false);
    this.lanes = new Lane[crew.workers()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = chain.lane();
    }
  }

  /** Takes the weights into native memory; not on a thread of the crew. */
  OnednnEncodePlan loaded() {
    chain.load(crew, weights);
    return this;
  }

  @Override
  public void encode(int first, int count, float[] features) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = first + i;
    }
    new Shards(crew, chain.batch(), count, stop)
        .run(
            (worker, from, to) -> {
              lanes[worker].forward(images, rows, from, to);
              lanes[worker].features(features, from * featureCount);
              return () -> {};
            });
  }

  @Override
  public void close() {
    scope.close();
  }
}
