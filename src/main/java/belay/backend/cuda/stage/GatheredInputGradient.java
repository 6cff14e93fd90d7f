package belay.backend.cuda.stage;

import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;

/** By a product, or by four where the stride is 2. */
final class GatheredInputGradient implements InputGradient {
  private final ConvStage stage;
  private final Geometry geometry;
  private final Arena.Slice weights;

  GatheredInputGradient(ConvStage stage, Geometry geometry) {
    this.stage = stage;
    this.geometry = geometry;
    this.weights = stage.frame().weights(geometry);
  }

  @Override
  public void prepare(Tape tape) {
    WeightForm form = WeightForm.inputGradient(stage.conv().window());
    stage.prepare(tape, form, geometry, stage.outputs(), weights);
  }

  @Override
  public void add(Tape tape, Arena.Slice d, int count) {
    stage.inputProduct(tape, geometry, d, weights, count, pixels());
  }

  /** Not where each of four products writes a quarter, nor where a pixel holds all values. */
  private boolean pixels() {
    return geometry.phases() == 1 && geometry.grid().equals(stage.small());
  }
}
