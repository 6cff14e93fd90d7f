package belay.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.Backend;
import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StopContract;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Processor;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Network;
import belay.net.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract in fp32, and what belongs to this backend alone. */
class OnednnBackendTest implements BackendContract, StopContract {
  @BeforeAll
  static void needsThePlatform() {
    assumeTrue(OnednnBackend.unavailable().isEmpty(), () -> OnednnBackend.unavailable().get());
  }

  @Override
  public Backend backend() {
    return new OnednnBackend(2);
  }

  /** oneDNN sums in fp32 throughout, and a normalization of few pixels makes roundings larger. */
  @Override
  public double tolerance() {
    return 1e-4;
  }

  @Override
  public Backend backend(BooleanSupplier stop) {
    return new OnednnBackend(2, stop);
  }

  @Test
  void describesLibraryThreadsAndProcessorAndNoPrecision() {
    try (Backend backend =
        new OnednnBackend(2, () -> false, () -> new Processor(Dnnl.ISA_AVX512))) {
      assertEquals("oneDNN 3.11.0, 2 threads, avx512_core", backend.describe());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TF32", "FP16"})
  void refusesWhatNoProcessorComputesAndSaysWhatToSet(Precision precision) {
    String message = refusal(Dnnl.ISA_AVX512_BF16, precision);
    assertTrue(message.contains("train.precision=fp32 or bf16"), message);
  }

  @Test
  void refusesBf16WhereTheProcessorHasNone() {
    String message = refusal(Dnnl.ISA_AVX512, Precision.BF16);
    assertTrue(message.contains("avx512_core) has no bf16: set train.precision=fp32"), message);
  }

  private static String refusal(int isa, Precision precision) {
    try (OnednnBackend backend = new OnednnBackend(1, () -> false, () -> new Processor(isa))) {
      Network network = BackendContract.network(BackendContract.networks().get(1));
      return assertThrows(DeviceException.class, () -> plan(backend, network, precision))
          .getMessage();
    }
  }

  /** A layout that oneDNN has no fast code for would cost a factor of 100 without an error. */
  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void theAutoencoderRunsOnFastCodeEverywhere(Precision precision) throws IOException {
    assumeTrue(precision == Precision.FP32 || Processor.current().hasBf16());
    for (String name : new String[] {"autoencoder", "small"}) {
      Network network = Network.parse(name, Files.readString(Path.of("conf/net", name + ".net")));
      try (Backend backend = backend();
          TrainPlan plan = plan(backend, network, precision)) {
        for (String stage : ((OnednnTrainPlan) plan).describe()) {
          assertFalse(stage.contains("ref"), stage);
          assertFalse(stage.contains("gemm"), stage);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"autoencoder", "small"})
  void theAutoencoderIsFiveConvolutionsOfWhichOneIsTransposed(String name) throws IOException {
    Network network = Network.parse(name, Files.readString(Path.of("conf/net", name + ".net")));
    try (Backend backend = backend();
        TrainPlan plan = plan(backend, network, Precision.FP32)) {
      List<String> stages =
          ((OnednnTrainPlan) plan).describe().stream().map(s -> s.split(" ")[0]).toList();
      assertEquals(
          List.of("convolution", "convolution", "convolution", "deconvolution", "convolution"),
          stages);
    }
  }

  private static TrainPlan plan(Backend backend, Network network, Precision precision) {
    ImageSet images = new RandomInputs(1).images(network, 1);
    TrainSpec spec =
        new TrainSpec(8, 8, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, precision);
    TrainState start =
        TrainState.initial(network, new float[network.parameterCount()], spec.rule().slots());
    return backend.compileTraining(network, spec, images, images, start);
  }
}
