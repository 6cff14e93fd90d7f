package belay.backend.onednn.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.BackendContract;
import belay.backend.RandomInputs;
import belay.net.Network;
import belay.net.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of taps and their gradients. */
class KernelFormTest {
  private final Network network =
      BackendContract.network("input 4x4x3; conv 5; maxpool 2; latent; upsample 2; conv 3");
  private final Operation.Conv conv = (Operation.Conv) network.program().operations().get(3);
  private final RandomInputs random = new RandomInputs(1);

  /** sum expand(w) g = sum w fold(g) for any w and g. */
  @ParameterizedTest
  @EnumSource
  void foldIsTheTransposeOfExpand(KernelForm form) {
    float[] parameters = random.gaussian(network.parameterCount(), 1);
    float[] kernel = new float[form.size(conv).kernelValues()];
    float[] kernelGradient = random.gaussian(kernel.length, 1);
    float[] gradient = random.gaussian(network.parameterCount(), 1); // to be overwritten
    form.expand(conv.weights(), parameters, kernel);
    form.fold(conv.weights(), kernelGradient, gradient);
    double product = 0;
    for (int i = conv.weights().offset(); i < conv.weights().end(); i++) {
      product += (double) parameters[i] * gradient[i];
    }
    double expected = 0;
    for (int i = 0; i < kernel.length; i++) {
      expected += (double) kernel[i] * kernelGradient[i];
    }
    assertEquals(expected, product, 1e-3);
  }

  /** Each of four output pixels sums all nine taps, so the sum over the kernel is fourfold. */
  @ParameterizedTest
  @EnumSource(names = {"TRANSPOSED", "PHASES"})
  void everyPhaseSumsAllTaps(KernelForm form) {
    float[] parameters = new float[network.parameterCount()];
    parameters[conv.weights().offset()] = 1; // tap 0, 0 of the first channels
    float[] kernel = new float[form.size(conv).kernelValues()];
    form.expand(conv.weights(), parameters, kernel);
    float sum = 0;
    for (float value : kernel) {
      sum += value;
    }
    assertEquals(4, sum);
  }

  @Test
  void fewChannelsRunAsPhasesAndManyTransposed() {
    assertEquals(KernelForm.PHASES, KernelForm.ofUpsampled(3, true));
    assertEquals(KernelForm.TRANSPOSED, KernelForm.ofUpsampled(3, false));
    assertEquals(KernelForm.TRANSPOSED, KernelForm.ofUpsampled(256, true));
  }
}
