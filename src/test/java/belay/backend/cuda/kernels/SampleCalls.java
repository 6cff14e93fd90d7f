package belay.backend.cuda.kernels;

import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.conv.ColumnSums;
import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.Operands;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.conv.TensorWeightGradientKernels;
import belay.backend.cuda.conv.Tile;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;
import belay.net.Window;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jcuda.NativePointerObject;

/**
 * Calls every method of the classes ...Kernels that makes a call of a kernel: with each variant
 * that its types allow, and arguments that tell each other apart.
 */
final class SampleCalls {
  static final Shape SHAPE = new Shape(12, 14, 7);
  static final Geometry GEOMETRY = new Geometry(SHAPE, new Shape(5, 6, 40), 4, 2, -3, 4, 3);
  static final Window WINDOW = new Window(9, 8, 6);
  static final Sharding SHARDING = new Sharding(21, SHAPE, 10);

  static final Parts PARTS = new Parts(420, 64, 90);

  private SampleCalls() {}

  /**
   * A call and what it was made of.
   *
   * @param given addresses and numbers, in the method's order
   */
  record Sample(Method method, Call call, List<Object> given) {
    @Override
    public String toString() {
      return method.getDeclaringClass().getSimpleName()
          + "."
          + method.getName()
          + " "
          + call.name();
    }
  }

  /** Some place in device memory. */
  private record Place(int number) implements Address {
    @Override
    public NativePointerObject argument() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long address() {
      return number;
    }
  }

  static List<Sample> all() {
    List<Sample> samples = new ArrayList<>();
    for (Method method : methods()) {
      for (List<Object> arguments : choices(method)) {
        if (exists(method, arguments)) {
          samples.add(sample(method, arguments));
        }
      }
    }
    return samples;
  }

  private static List<Method> methods() {
    try (Stream<Path> files =
        Files.walk(
            Path.of(CudaBackend.class.getResource("CudaBackend.class").getPath()).getParent())) {
      return files
          .filter(file -> file.toString().endsWith("Kernels.class"))
          .sorted()
          .flatMap(file -> Arrays.stream(type(file).getDeclaredMethods()))
          .filter(method -> method.getReturnType() == Call.class)
          .filter(method -> !Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic())
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> type(Path file) {
    String name = file.getFileName().toString().replace(".class", "");
    try {
      return Class.forName("belay.backend.cuda." + file.getParent().getFileName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** All lists of arguments: one of each choice that a parameter leaves. */
  private static List<List<Object>> choices(Method method) {
    List<List<Object>> lists = List.of(List.of());
    for (Class<?> parameter : method.getParameterTypes()) {
      List<List<Object>> longer = new ArrayList<>();
      for (List<Object> list : lists) {
        for (Object value : values(method, parameter, list.size())) {
          longer.add(Stream.concat(list.stream(), Stream.of(value)).toList());
        }
      }
      lists = longer;
    }
    return lists;
  }

  /** The first tensor cores multiply fp16 alone; moments are theirs alone. */
  private static boolean exists(Method method, List<Object> arguments) {
    boolean volta =
        arguments.stream()
            .anyMatch(
                value ->
                    TensorGatherGemmKernels.VOLTA_TILES.contains(value)
                        || TensorWeightGradientKernels.VOLTA_TILES.contains(value));
    boolean moments = arguments.contains(Epilogue.MOMENTS);
    boolean tensor = arguments.stream().anyMatch(CoreType.class::isInstance);
    return (!volta || arguments.contains(CoreType.FP16))
        && (!moments || tensor)
        && (volta || hasTile(method, arguments));
  }

  /** Gathered products of 16-bit and 32-bit types have their own tiles. */
  private static boolean hasTile(Method method, List<Object> arguments) {
    return method.getDeclaringClass() != TensorGatherGemmKernels.class
        || arguments.stream()
            .filter(CoreType.class::isInstance)
            .map(type -> TensorGatherGemmKernels.tiles((CoreType) type))
            .anyMatch(tiles -> arguments.stream().anyMatch(tiles::contains));
  }

  private static List<?> values(Method method, Class<?> parameter, int at) {
    if (parameter.isEnum()) {
      return List.of(parameter.getEnumConstants());
    } else if (parameter == boolean.class) {
      return List.of(true, false);
    } else if (parameter == Tile.class) {
      return tiles(method.getDeclaringClass());
    } else if (parameter == Shape.class) {
      return List.of(SHAPE);
    } else if (parameter == Geometry.class) {
      return List.of(GEOMETRY);
    } else if (parameter == Window.class) {
      return List.of(WINDOW);
    } else if (parameter == Sharding.class) {
      return List.of(SHARDING);
    } else if (parameter == Parts.class) {
      return List.of(PARTS);
    } else if (parameter == Address.class) {
      return List.of(new Place(at));
    } else if (parameter == Operands.class) {
      Address[] p = places(10);
      ColumnSums sums = new ColumnSums(p[7], p[8], p[9]);
      return List.of(new Operands(p[0], p[1], p[2], p[3], p[4], p[5], p[6], sums));
    } else if (parameter == GradientOperands.class) {
      Address[] p = places(4);
      return List.of(new GradientOperands(p[0], p[1], p[2], p[3]));
    }
    return List.of(number(parameter, 1001 + at));
  }

  private static Address[] places(int count) {
    Address[] places = new Address[count];
    Arrays.setAll(places, i -> new Place(100 + i));
    return places;
  }

  private static Object number(Class<?> type, int value) {
    if (type == int.class) {
      return value;
    } else if (type == long.class) {
      return (long) value;
    } else if (type == float.class) {
      return (float) value;
    } else if (type == double.class) {
      return (double) value;
    }
    throw new AssertionError("No sample of " + type);
  }

  /** Of all tiers. */
  private static List<Tile> tiles(Class<?> kernels) {
    List<Tile> tiles = new ArrayList<>();
    for (Field field : kernels.getDeclaredFields()) {
      if (field.getType() == List.class) {
        ((List<?>) get(field)).forEach(tile -> tiles.add((Tile) tile));
      }
    }
    return tiles;
  }

  private static Object get(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Sample sample(Method method, List<Object> arguments) {
    try {
      Call call = (Call) method.invoke(null, arguments.toArray());
      return new Sample(method, call, arguments.stream().flatMap(SampleCalls::atoms).toList());
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new AssertionError(method.toString(), e);
    }
  }

  /** Addresses and numbers; enumerations and shapes are none. */
  private static Stream<Object> atoms(Object argument) {
    if (argument instanceof Operands o) {
      ColumnSums sums = o.sums();
      Stream<Address> tensors =
          Stream.of(o.x(), o.weights(), o.bias(), o.mask(), o.addend(), o.y(), o.argmax());
      return Stream.concat(tensors, Stream.of(sums.to(), sums.normed(), sums.around()));
    }
    if (argument instanceof GradientOperands o) {
      return Stream.of(o.x(), o.d(), o.sums(), o.columns());
    }
    return argument instanceof Number || argument instanceof Address
        ? Stream.of(argument)
        : Stream.empty();
  }
}
