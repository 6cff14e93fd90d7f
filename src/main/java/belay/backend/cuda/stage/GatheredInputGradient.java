package belay.backend.cuda.stage;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Finish;

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
    stage.inputProduct(tape, geometry, d, weights, count, finish());
  }

  /**
   * What the epilogue can do: of the four each writes a quarter of the pixels and knows no masks; a
   * linear layer's sees one pixel with all values, so that it can neither unpool nor sum channels.
   */
  private Finish finish() {
    Finish wanted = stage.frame().gradient(stage.input()).finishAtOnce();
    if (geometry.phases() > 1 || !wanted.masks()) {
      return Finish.NONE;
    }
    boolean knowsPixels = geometry.grid().equals(stage.small());
    return knowsPixels ? wanted : new Finish(Epilogue.MASK, null, null);
  }
}
