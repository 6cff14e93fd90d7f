package belay.backend.cuda.net;

import belay.backend.BackendContract;
import belay.backend.cuda.kernels.KernelFiles;
import belay.net.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The launches of networks, recorded without a GPU. */
class StagesTest {
  private static final String RESIDUAL =
      "input 8x8x3; conv 8 bias=no; batchnorm; relu name=a; conv 8 bias=no; batchnorm;"
          + " add a; relu; latent; conv 3";

  /** Networks whose values have several readers, and operations that only graphs have. */
  static List<String> graphs() {
    return List.of(
        RESIDUAL,
        "input 8x8x3; conv 8 name=a; relu name=b; conv 8; add b; conv 8; add a; latent; conv 3",
        "input 8x8x3; conv 8 name=a; add a; latent; conv 3",
        "input 8x8x3; conv 8; relu; maxpool 2 name=a; conv 8; relu; add a; latent; upsample 2;"
            + " conv 3",
        "input 8x8x3; conv 16 stride=2 kernel=3; latent; relu; upsample 2; conv 3",
        "input 9x9x3; conv 16 stride=2 kernel=3; relu; conv 8 stride=2 kernel=3; latent;"
            + " linear 243; conv 243 kernel=1; upsample 9; conv 3",
        "input 8x8x3; conv 8; gelu; dropout 0.5; latent; silu; averagepool 2; leaky-relu;"
            + " upsample 2; conv 3",
        "input 8x8x3; conv 8; maxpool 3 stride=2 padding=1; globalaveragepool; latent; upsample 8;"
            + " conv 3");
  }

  static Stream<Program> programs() {
    return Stream.concat(BackendContract.networks().stream(), graphs().stream())
        .map(layers -> BackendContract.network(layers).program());
  }

  private static List<Recording> recordings(Program program) {
    List<Recording> recordings = new ArrayList<>();
    for (Format format : Format.values()) {
      for (int tier : format == Format.F32 ? List.of(35, 90) : List.of(80, 90)) {
        recordings.add(Recording.step(program, format, tier, 8));
        recordings.add(Recording.step(program, format, tier, 5));
        recordings.add(Recording.evaluation(program, format, tier, 8));
        recordings.add(Recording.inference(program, format, tier, 3));
      }
    }
    return recordings;
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyLaunchIsOfAKernelThatThereIs(Program program) {
    recordings(program).forEach(recording -> recording.calls().forEach(KernelFiles::expect));
  }
}
