package belay.backend.update;

import belay.backend.TrainSpec;

/** Limits a gradient; a NaN stays one. */
record Clip(TrainSpec.Clipping clipping) {
  void apply(float[] gradient) {
    if (clipping.value() > 0) {
      clamp(gradient, clipping.value());
    }
    if (clipping.norm() > 0) {
      shrink(gradient, (float) (clipping.norm() / Math.sqrt(squares(gradient))));
    }
  }

  private static void clamp(float[] gradient, float limit) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = Math.max(-limit, Math.min(limit, gradient[i]));
    }
  }

  private static double squares(float[] gradient) {
    double squares = 0;
    for (float g : gradient) {
      squares += (double) g * g;
    }
    return squares;
  }

  private static void shrink(float[] gradient, float scale) {
    if (scale < 1) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= scale;
      }
    }
  }
}
