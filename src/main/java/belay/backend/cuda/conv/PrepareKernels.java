package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.ValueType;

/** kernels/prepare.cu: copies of a kernel as its products read them. */
public final class PrepareKernels {
  private PrepareKernels() {}

  /**
   * @param weights f32 [side, side, inputs, outputs]
   * @param padded outputs with padding
   * @param geometry of the product that reads the copy
   * @param across whether the copy lies [outputs][depth] instead of [depth][outputs]
   */
  public static Call prepare(
      ValueType type,
      Address weights,
      Address out,
      WeightForm form,
      int side,
      int inputs,
      int outputs,
      int padded,
      Geometry geometry,
      boolean across) {
    return Call.of("prepare", "prepare", type.suffix())
        .in("float", weights)
        .out(type.c(), out)
        .ints(form.code(), side, inputs, outputs, padded)
        .ints(geometry.phases(), geometry.depth(), geometry.outputs(), across ? 1 : 0)
        .over(geometry.weights());
  }
}
