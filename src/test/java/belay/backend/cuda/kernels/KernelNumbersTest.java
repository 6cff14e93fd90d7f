package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import belay.backend.TrainSpec;
import belay.backend.cuda.conv.CopyKernels;
import belay.backend.cuda.conv.GatherGemmAnyKernels;
import belay.backend.cuda.conv.ImageConvForwardKernels;
import belay.backend.cuda.conv.ImageConvGradientKernels;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.conv.UpsampleConvLossKernels;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.conv.WeightGradientAnyKernels;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.svm.KernelBlockKernels;
import belay.backend.cuda.svm.SvmDecideKernels;
import belay.backend.cuda.svm.SvmSampleKernels;
import belay.backend.cuda.svm.SvmSolveKernels;
import belay.backend.cuda.svm.SvmValueKernels;
import belay.backend.cuda.update.MuonKernels;
import belay.backend.cuda.update.UpdateGroupKernels;
import belay.backend.cuda.update.UpdateKernels;
import belay.data.augment.Augmentation;
import belay.data.augment.Recipe;
import belay.net.Shape;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads, shared memory and sizes that both Java and kernels/ state are the same. */
class KernelNumbersTest {
  private static final List<SampleCalls.Sample> CALLS = SampleCalls.all();

  static Set<String> files() {
    return KernelFiles.names();
  }

  static List<SampleCalls.Sample> calls() {
    return CALLS;
  }

  /** Only a kernel whose threads stride takes blocks of any size. */
  @ParameterizedTest
  @MethodSource("calls")
  void aBlockHasTheThreadsThatTheFileStates(SampleCalls.Sample sample) {
    Call call = sample.call();
    boolean strides = call.grid(0).equals(new Call.Grid(1, 1, 1));
    boolean free = strides || KernelFiles.isLab(call.file());
    KernelFiles.kernels(call)
        .forEach(
            (tier, kernel) -> {
              long stated = KernelFiles.threads(call.file(), tier, kernel);
              assertEquals(stated == 0 && free ? call.block() : stated, call.block());
            });
  }

  @ParameterizedTest
  @MethodSource("files")
  void sharedMemoryIsWhatTheFileStates(String file) {
    Map<String, Set<Long>> called = new TreeMap<>();
    for (SampleCalls.Sample sample : CALLS) {
      Call call = sample.call();
      boolean varies = file.equals(UpsampleConvLossKernels.FILE); // with the image: see below
      if (call.file().equals(file) && !varies) {
        called.computeIfAbsent(call.name(), key -> new TreeSet<>()).add((long) call.shared());
      }
    }
    Map<String, Set<Long>> stated = new TreeMap<>();
    for (KernelFile tier : KernelFiles.tiers(file).values()) {
      for (String kernel : tier.kernels().keySet()) {
        long bytes = tier.constant(kernel + "_shared").orElse(0);
        stated.computeIfAbsent(kernel, key -> new TreeSet<>()).add(bytes);
      }
    }
    stated.keySet().retainAll(called.keySet());
    assertEquals(stated, called);
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "16, 16", "2, 128"})
  void theLastLayerHasRoomForItsTilesAndForItsGradient(int height, int width) {
    KernelFile file = KernelFiles.tiers(UpsampleConvLossKernels.FILE).get(80);
    long gradient =
        file.constant("DY_OFFSET").orElseThrow()
            + 4 * file.constant("CHANNELS").orElseThrow() * (2 * height + 2) * (2 * width + 2);
    Shape small = new Shape(height, width, 8);
    Call call =
        UpsampleConvLossKernels.loss(
            CoreType.BF16, 1, null, null, null, null, null, null, null, null, null, 1, small, 8, 3);
    assertEquals(Math.max(file.constant("RING").orElseThrow(), gradient), call.shared());
  }

  /** File, constant outside its functions, and ours. */
  static List<Arguments> numbers() {
    return List.of(
        arguments("images", "MOST_COLUMNS", ImageKernels.MOST_COLUMNS),
        arguments("images", "WIDTH", ImageKernels.WIDTH),
        arguments("update", "SQUARES", UpdateKernels.SQUARES),
        arguments("update_rules", "PARTS", UpdateKernels.PARTS),
        arguments("update_rules", "RANGE", UpdateKernels.RANGE),
        arguments("muon", "PARTS", UpdateKernels.PARTS),
        arguments("muon", "GROUP", UpdateGroupKernels.GROUP),
        arguments("update_groups", "PARTS", UpdateKernels.PARTS),
        arguments("update_groups", "RANGE", UpdateKernels.RANGE),
        arguments("update_groups", "GROUP", UpdateGroupKernels.GROUP),
        arguments("muon", "TILE", MuonKernels.TILE),
        arguments("reduce", "GROUPS", ReduceKernels.GROUPS),
        arguments("pool", "COLUMNS", PoolKernels.COLUMNS),
        arguments("pool", "MOST_KERNEL", PoolKernels.MOST_KERNEL),
        arguments("batch_norm", "PART", Sharding.PART),
        arguments("batch_norm", "MOST_PARTS", Sharding.MOST_PARTS),
        arguments("batch_norm", "ACROSS", Sharding.ACROSS),
        arguments("batch_norm", "COLUMNS", Sharding.COLUMNS),
        arguments("reduce", "MORE_GROUPS", ReduceKernels.MORE_GROUPS),
        arguments("reduce", "FEW_OUTPUTS", ReduceKernels.FEW_OUTPUTS),
        arguments("reduce", "WIDE_OUTPUTS", ReduceKernels.WIDE_OUTPUTS),
        arguments("reduce", "MOST_SHARDS", TrainSpec.MOST_SHARDS),
        arguments("augment", "GREY", Augmentation.GREY),
        arguments("augment", "RECIPE_WORDS", Recipe.WORDS),
        arguments("augment", "FIELDS", Recipe.FIELDS),
        arguments("loss", "MOST_SHARDS", TrainSpec.MOST_SHARDS),
        arguments("gather_gemm_bf16", "PART", TensorGatherGemmKernels.PART),
        arguments("gather_gemm_any", "TILE", GatherGemmAnyKernels.TILE.rows()),
        arguments("gather_gemm_any", "TILE", GatherGemmAnyKernels.TILE.columns()),
        arguments("gather_gemm_any", "FEW", GatherGemmAnyKernels.FEW),
        arguments("gather_gemm_any", "ROWS", GatherGemmAnyKernels.ROWS),
        arguments("weight_gradient_any", "TILE", WeightGradientAnyKernels.TILE.rows()),
        arguments("weight_gradient_any", "TILE", WeightGradientAnyKernels.TILE.columns()),
        arguments("prepare_copies", "TILE", CopyKernels.TILE),
        arguments("prepare_copies", "FIELDS", CopyKernels.FIELDS),
        arguments(ImageConvForwardKernels.FILE, "PATCH", ImageConvForwardKernels.PATCH),
        arguments(ImageConvForwardKernels.FILE, "COLUMNS", ImageConvForwardKernels.COLUMNS),
        arguments(ImageConvGradientKernels.FILE, "PATCH", ImageConvForwardKernels.PATCH),
        arguments(ImageConvGradientKernels.FILE, "TILE_WINDOWS", ImageConvGradientKernels.WINDOWS),
        arguments(ImageConvGradientKernels.FILE, "COLUMNS", ImageConvGradientKernels.COLUMNS),
        arguments(UpsampleConvLossKernels.FILE, "PIXELS", UpsampleConvLossKernels.PIXELS),
        arguments(UpsampleConvLossKernels.FILE, "CHANNELS", UpsampleConvLossKernels.CHANNELS),
        arguments("kernel_block", "TILE", KernelBlockKernels.TILE),
        arguments("svm_decide", "ROWS", SvmDecideKernels.ROWS),
        arguments("svm_decide", "SLOTS", SvmDecideKernels.SLOTS),
        arguments("svm_samples", "PART", SvmSampleKernels.PART),
        arguments("svm_solve", "PROBLEM_BYTES", SvmSolveKernels.PROBLEM_BYTES),
        arguments("svm_solve", "STATE_BYTES", SvmSolveKernels.STATE_BYTES),
        arguments("svm_solve", "FEW_SAMPLES", SvmSolveKernels.Size.UP_TO_4096.most()),
        arguments("svm_solve", "MANY_SAMPLES", SvmSolveKernels.Size.UP_TO_10240.most()),
        arguments("svm_values_f32", "ALIGNMENT", SvmValueKernels.ALIGNMENT),
        arguments("svm_values_f32", "VALUE_TILE", SvmValueKernels.TILE),
        arguments("svm_values_f32", "VALUE_BLOCK_BYTES", SvmValueKernels.BLOCK_BYTES));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void aNumberThatStandsOnBothSidesIsTheSame(String file, String constant, long ours) {
    for (KernelFile tier : KernelFiles.tiers(file).values()) {
      assertEquals(OptionalLong.of(ours), tier.constant(constant));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFormOfWeightsHasOneNumber(WeightForm form) {
    for (String file : List.of("prepare", "prepare_copies")) {
      for (KernelFile tier : KernelFiles.tiers(file).values()) {
        assertEquals(OptionalLong.of(form.code()), tier.constant(form.name()));
      }
    }
  }

  @Test
  void aTableOfCopiesHasNoMoreThanALaunchHasThreads() {
    KernelFile file = KernelFiles.tiers("prepare_copies").get(80);
    assertTrue(CopyKernels.MOST <= file.constant("THREADS").orElseThrow());
  }
}
