package belay.backend.cuda.kernels;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.cuda.conv.GatherGemmKernels;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.Operands;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.conv.TensorWeightGradientKernels;
import belay.backend.cuda.conv.Tile;
import belay.backend.cuda.conv.WeightGradientKernels;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Argument;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The classes ...Kernels know the kernels in kernels/, and what each takes. */
class KernelSignaturesTest {
  private static final List<SampleCalls.Sample> CALLS = SampleCalls.all();

  /** Names of parameters to what they are in every sample. */
  private static final Map<String, Integer> SIZES = new HashMap<>();

  static {
    Shape shape = SampleCalls.SHAPE;
    List.of("H", "h", "Hi", "hi").forEach(name -> SIZES.put(name, shape.height()));
    List.of("W", "w", "Wi", "wi", "width").forEach(name -> SIZES.put(name, shape.width()));
    SIZES.put("C", shape.channels());
    Geometry g = SampleCalls.GEOMETRY;
    List.of("Gh", "gh").forEach(name -> SIZES.put(name, g.grid().height()));
    List.of("Gw", "gw").forEach(name -> SIZES.put(name, g.grid().width()));
    List.of("Kh", "kh", "Kw", "kw").forEach(name -> SIZES.put(name, g.taps()));
    List.of("oy", "ox").forEach(name -> SIZES.put(name, g.offset()));
    SIZES.put("s", g.stride());
    SIZES.put("ps", g.phaseStep());
    SIZES.put("q", SampleCalls.SHARDING.shardImages());
    SIZES.put("area", shape.height() * shape.width());
    SIZES.put("shards", SampleCalls.SHARDING.shards());
    SIZES.put("kernel", SampleCalls.WINDOW.kernel());
    SIZES.put("padding", SampleCalls.WINDOW.padding());
    Parts parts = SampleCalls.PARTS;
    SIZES.put("terms", parts.terms());
    SIZES.put("share", parts.share());
    SIZES.put("both", parts.both());
  }

  static Set<String> files() {
    return KernelFiles.names();
  }

  static List<SampleCalls.Sample> calls() {
    return CALLS;
  }

  @ParameterizedTest
  @MethodSource("files")
  void javaKnowsTheKernelsOfAFileAndNoOthers(String file) {
    Set<String> declared = new TreeSet<>();
    KernelFiles.tiers(file).values().forEach(tier -> declared.addAll(tier.kernels().keySet()));
    Set<String> called =
        CALLS.stream()
            .map(SampleCalls.Sample::call)
            .filter(call -> call.file().equals(file))
            .map(Call::name)
            .collect(toCollection(TreeSet::new));
    if (KernelFiles.isLab(file)) {
      declared.retainAll(called);
    }
    assertEquals(declared, called);
  }

  @Test
  void everyFileIsOfOneClass() {
    Map<String, Class<?>> classes = new HashMap<>();
    for (SampleCalls.Sample sample : CALLS) {
      Class<?> type = sample.method().getDeclaringClass();
      Class<?> other = classes.putIfAbsent(sample.call().file(), type);
      assertTrue(other == null || other == type, () -> sample + " and " + other);
    }
    assertEquals(KernelFiles.names(), classes.keySet());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void argumentsHaveTheTypesOfTheParameters(SampleCalls.Sample sample) {
    List<String> types = sample.call().arguments().stream().map(Argument::type).toList();
    KernelFiles.kernels(sample.call())
        .forEach((tier, kernel) -> assertEquals(kernel.types(), types, "tier " + tier));
  }

  /** Two pointers of one type would pass the test of types. */
  @ParameterizedTest
  @MethodSource("calls")
  void aMethodHandsOnAddressesInItsOwnOrder(SampleCalls.Sample sample) {
    List<Object> passed = values(sample.call()).filter(Address.class::isInstance).toList();
    List<Object> given =
        sample.given().stream()
            .filter(Address.class::isInstance)
            .filter(address -> passed.contains(address) || !takesOperands(sample.method()))
            .toList();
    assertEquals(given, passed);
  }

  private static Stream<Object> values(Call call) {
    return call.arguments().stream().map(Argument::value);
  }

  /** Of which some kernels take no sums of columns. */
  private static boolean takesOperands(Method method) {
    List<Class<?>> parameters = List.of(method.getParameterTypes());
    return parameters.contains(Operands.class) || parameters.contains(GradientOperands.class);
  }

  /** Numbers that make the grid alone are no arguments, those of shapes were not given. */
  @ParameterizedTest
  @MethodSource("calls")
  void aMethodHandsOnNumbersInItsOwnOrder(SampleCalls.Sample sample) {
    List<Object> passed = values(sample.call()).filter(Number.class::isInstance).toList();
    List<Object> given = sample.given().stream().filter(Number.class::isInstance).toList();
    assertEquals(
        given.stream().filter(passed::contains).toList(),
        passed.stream().filter(given::contains).toList());
  }

  /** Height for width would pass the tests above, for a method takes them as one shape. */
  @ParameterizedTest
  @MethodSource("calls")
  void aNumberOfAShapeIsWhatItsParameterIsCalled(SampleCalls.Sample sample) {
    List<Argument> arguments = sample.call().arguments();
    KernelFiles.kernels(sample.call())
        .forEach(
            (tier, kernel) -> {
              for (int i = 0; i < arguments.size(); i++) {
                KernelFile.Parameter parameter = kernel.parameters().get(i);
                Integer size = parameter.type().equals("int") ? SIZES.get(parameter.name()) : null;
                assertEquals(
                    size == null ? arguments.get(i).value() : size, arguments.get(i).value());
              }
            });
  }

  @Test
  void everyTierHasTheTilesThatItsProductsMayChoose() {
    assertEquals(names(TensorGatherGemmKernels.VOLTA_TILES), tiles("gather_gemm_fp16", 70));
    assertEquals(
        names(TensorWeightGradientKernels.VOLTA_TILES), tiles("gather_weight_gradient_fp16", 70));
    for (CoreType type : CoreType.values()) {
      for (int tier : List.of(80, 90)) {
        assertEquals(
            names(TensorGatherGemmKernels.tiles(type)),
            tiles(TensorGatherGemmKernels.file(type), tier));
        assertEquals(
            names(TensorWeightGradientKernels.TILES),
            tiles("gather_weight_gradient_" + type.suffix(), tier));
      }
    }
    for (int tier : KernelFiles.TIERS) {
      assertEquals(names(GatherGemmKernels.TILES), tiles("gather_gemm", tier));
      assertEquals(names(WeightGradientKernels.TILES), tiles("weight_gradient", tier));
    }
  }

  private static Set<String> names(List<Tile> tiles) {
    return tiles.stream().map(Tile::name).collect(toSet());
  }

  private static Set<String> tiles(String file, int tier) {
    Function<String, String> last = name -> name.substring(name.lastIndexOf('_') + 1);
    Set<String> kernels = KernelFiles.tiers(file).get(tier).kernels().keySet();
    return kernels.stream().map(last).collect(toSet());
  }
}
