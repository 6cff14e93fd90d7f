package belay.backend.cuda.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.frame.Format;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;
import belay.backend.cuda.kernels.KernelFiles;
import belay.net.Mark;
import belay.net.Parameter;
import belay.net.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
        "input 8x8x3; conv 8 name=a; add a; latent; conv 3 from=a",
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

  @ParameterizedTest
  @MethodSource("programs")
  void everyParameterThatTheOutputReadsGetsItsGradientOnce(Program program) {
    Set<Parameter> read =
        program.leadingTo(program.classifies() ? Mark.LOGITS : Mark.OUTPUT).stream()
            .flatMap(operation -> operation.parameters().stream())
            .collect(Collectors.toSet());
    for (Format format : List.of(Format.F32, Format.BF16)) {
      Recording step = Recording.step(program, format, 80, 7);
      for (Parameter parameter : program.parameters()) {
        long address = step.frame().gradientAddress(parameter).address();
        long times = step.calls().stream().filter(c -> writes(c, address)).count();
        assertEquals(read.contains(parameter) ? 1 : 0, times, parameter::name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aGradientHasRoomWhereItLies(Program program) {
    Frame frame = Recording.step(program, Format.F32, 35, 8).frame();
    for (int value = 0; value < program.shapes().size(); value++) {
      Gradient gradient = frame.gradient(value);
      if (gradient.isWanted()) {
        long wanted = 4L * frame.batch() * frame.shape(value).size();
        assertTrue(gradient.at().bytes() >= wanted, "value " + value);
      }
    }
  }

  private static boolean writes(Call call, long address) {
    return call.arguments().stream()
        .filter(argument -> !argument.type().startsWith("const"))
        .anyMatch(argument -> argument.value() instanceof Address a && a.address() == address);
  }

  private static List<String> names(Recording recording, String... words) {
    return recording.calls().stream()
        .map(Call::name)
        .filter(name -> Stream.of(words).anyMatch(name::startsWith))
        .toList();
  }

  @Test
  void additionAndReluOfAResidualBlockCostNoPassOfTheirOwn() {
    Program program = BackendContract.network(RESIDUAL).program();
    Recording step = Recording.step(program, Format.BF16, 80, 8);
    assertEquals(List.of(), names(step, "add_bf16", "accumulate", "relu", "unpool"));
    assertEquals(
        List.of(
            "batch_norm_finish",
            "batch_norm_running",
            "batch_norm_bf16",
            "batch_norm_finish",
            "batch_norm_running",
            "batch_norm_bf16",
            "batch_norm_gradient_parts_bf16",
            "batch_norm_gradient_finish",
            "batch_norm_gradient_parameters",
            "batch_norm_gradient_bf16",
            "batch_norm_gradient_finish",
            "batch_norm_gradient_parameters",
            "batch_norm_gradient_bf16"),
        names(step, "batch_norm"));
  }

  /** 30 images of 4 x 4 are seven shards of four and one of two, half a part of 64 pixels. */
  @Test
  void momentsThatWouldLackPixelsAreMadeByAPass() {
    Program program =
        BackendContract.network("input 4x4x8; conv 8 bias=no; batchnorm; relu; latent; conv 8")
            .program();
    List<String> pass = List.of("batch_norm_parts_bf16");
    assertEquals(pass, names(Recording.step(program, Format.BF16, 80, 30), "batch_norm_parts"));
    assertEquals(
        List.of(), names(Recording.step(program, Format.BF16, 80, 32), "batch_norm_parts"));
  }

  @Test
  void aSumWhosePartsNobodyElseReadsHasItsGradientInOnePlace() {
    Program program =
        BackendContract.network(
                "input 8x8x3; conv 8 name=a; conv 8 name=b; conv 8 from=a; add b; latent; conv 3")
            .program();
    Recording step = Recording.step(program, Format.F32, 35, 8);
    assertEquals(List.of("add_f32"), names(step, "add_f32"));
    assertEquals(List.of(), names(step, "accumulate"));
  }

  @Test
  void evaluationNormalizesByTheStatistics() {
    Program program = BackendContract.network(RESIDUAL).program();
    Recording evaluation = Recording.evaluation(program, Format.F32, 35, 8);
    assertEquals(List.of("batch_norm_f32", "batch_norm_f32"), names(evaluation, "batch_norm"));
  }

  @Test
  void aDropoutIsNoLaunchOutsideOfTraining() {
    Program program =
        BackendContract.network("input 8x8x3; conv 8; dropout 0.5; latent; conv 3").program();
    assertEquals(List.of(), names(Recording.inference(program, Format.F32, 35, 8), "dropout"));
    assertEquals(
        List.of("dropout_f32", "dropout_gradient_f32"),
        names(Recording.step(program, Format.F32, 35, 8), "dropout"));
  }

  @Test
  void nobodyComputesAGradientThatNoParameterNeeds() {
    Program program =
        BackendContract.network("input 8x8x3; maxpool 2; relu; latent; upsample 2; conv 3 kernel=5")
            .program();
    Recording step = Recording.step(program, Format.F32, 35, 8);
    assertEquals(1, names(step, "gather_gemm").size());
    assertEquals(List.of("relu_f32"), names(step, "relu"));
  }
}
