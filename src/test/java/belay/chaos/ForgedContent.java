package belay.chaos;

import belay.hdf.Forgery;
import belay.hdf.Forgery.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes of an HDF5 file by somebody who knows the format and makes digests and seal right. */
final class ForgedContent {
  private static final long[] WHOLE = {
    -1,
    0,
    1,
    2,
    7,
    255,
    256,
    65_536,
    1_000_000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final double[] REAL = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -1,
    -0.0,
    0,
    1,
    1e-320,
    1e300,
    -1e300,
    3e38
  };

  private final Random random;
  private final Forgery forgery;

  private ForgedContent(Random random, Forgery forgery) {
    this.random = random;
    this.forgery = forgery;
  }

  /** Says what it has changed. */
  static String change(Path file, Random random) throws IOException {
    ForgedContent content = new ForgedContent(random, Forgery.of(file));
    List<String> said = new ArrayList<>();
    for (int times = random.nextInt(3); times >= 0; times--) {
      said.add(content.change());
    }
    content.forgery.write(file);
    return String.join("; ", said);
  }

  private String change() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> changeAttribute();
      case 4, 5, 6 -> changeValues();
      case 7 -> reshape();
      case 8 -> retype();
      case 9 -> remove();
      case 10 -> swap();
      default -> add();
    };
  }

  private String changeAttribute() {
    String place = any(new ArrayList<>(forgery.attributes().keySet()));
    if (place == null) {
      return "nothing";
    }
    Object before = forgery.attributes().get(place);
    Object after = random.nextInt(4) == 0 ? anything() : like(before);
    forgery.put(place, after);
    return place + " = " + shown(after);
  }

  private Object like(Object before) {
    if (before instanceof Integer) {
      return (int) any(WHOLE);
    }
    if (before instanceof Long) {
      return any(WHOLE);
    }
    return before instanceof Double ? (Object) any(REAL) : Poison.text(random);
  }

  private Object anything() {
    return switch (random.nextInt(5)) {
      case 0 -> (int) any(WHOLE);
      case 1 -> any(WHOLE);
      case 2 -> any(REAL);
      case 3 -> new String[] {Poison.text(random), "b"};
      default -> Poison.text(random);
    };
  }

  private String changeValues() {
    String path = any(new ArrayList<>(forgery.datasets().keySet()));
    if (path == null) {
      return "nothing";
    }
    Part part = forgery.datasets().get(path);
    byte[] bytes = part.bytes().clone();
    int elements = bytes.length / Math.max(1, part.elementBytes());
    for (int times = random.nextInt(3); times >= 0 && elements > 0; times--) {
      int at = random.nextInt(elements) * part.elementBytes();
      boolean isAll = random.nextInt(6) == 0;
      byte[] value = element(part);
      for (int i = isAll ? 0 : at; i < (isAll ? bytes.length : at + 1); i += value.length) {
        System.arraycopy(value, 0, bytes, i, Math.min(value.length, bytes.length - i));
      }
    }
    forgery.put(path, new Part(part.type(), part.elementBytes(), part.shape(), bytes));
    return "values of " + path;
  }

  private byte[] element(Part part) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.max(8, part.elementBytes())).order(ByteOrder.LITTLE_ENDIAN);
    switch (part.type()) {
      case "float32" -> bytes.putFloat((float) any(REAL));
      case "float64" -> bytes.putDouble(any(REAL));
      case "int32" -> bytes.putInt((int) any(WHOLE));
      case "int64" -> bytes.putLong(any(WHOLE));
      case "uint8" -> bytes.put((byte) random.nextInt());
      default -> bytes.put(cut(Poison.text(random).getBytes(), part.elementBytes()));
    }
    return Arrays.copyOf(bytes.array(), part.elementBytes());
  }

  private static byte[] cut(byte[] bytes, int most) {
    return bytes.length > most ? Arrays.copyOf(bytes, most) : bytes;
  }

  private String reshape() {
    String path = any(new ArrayList<>(forgery.datasets().keySet()));
    if (path == null) {
      return "nothing";
    }
    Part part = forgery.datasets().get(path);
    long count = part.bytes().length / Math.max(1, part.elementBytes());
    long[] shape =
        switch (random.nextInt(8)) {
          case 0 -> new long[0];
          case 1 -> new long[] {count};
          case 2 -> new long[] {1, count};
          case 3 -> new long[] {count, 1, 1};
          case 4 -> new long[] {0};
          case 5 -> new long[] {count, Long.MAX_VALUE / 16};
          case 6 -> new long[] {count / 2};
          default -> new long[] {any(WHOLE), 1};
        };
    double claimed = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
    byte[] bytes = part.bytes();
    if (claimed >= 0 && claimed * part.elementBytes() < bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) claimed * part.elementBytes());
    }
    forgery.put(path, new Part(part.type(), part.elementBytes(), part.shape(), bytes));
    forgery.put(path, forgery.datasets().get(path).reshaped(shape));
    return path + " has shape " + Arrays.toString(shape);
  }

  private String retype() {
    String path = any(new ArrayList<>(forgery.datasets().keySet()));
    if (path == null) {
      return "nothing";
    }
    int count = random.nextInt(5);
    long[] shape = {count};
    Part part =
        switch (random.nextInt(6)) {
          case 0 -> Part.of(shape, new float[count]);
          case 1 -> Part.of(shape, new double[count]);
          case 2 -> Part.of(shape, new int[count]);
          case 3 -> Part.of(shape, new long[count]);
          case 4 -> Part.of(shape, new byte[count]);
          default -> Part.of(Poison.text(random), "", Poison.text(random));
        };
    forgery.put(path, part);
    return path + " is " + part.type();
  }

  private String remove() {
    List<String> places = new ArrayList<>(forgery.attributes().keySet());
    places.addAll(forgery.datasets().keySet());
    String place = any(places);
    if (place == null) {
      return "nothing";
    }
    forgery.remove(place);
    forgery.attributes().keySet().removeIf(other -> other.startsWith(place + "@"));
    return "without " + place;
  }

  private String swap() {
    List<String> paths = new ArrayList<>(forgery.datasets().keySet());
    String one = any(paths);
    String other = any(paths);
    if (one == null) {
      return "nothing";
    }
    Part kept = forgery.datasets().get(one);
    forgery.put(one, forgery.datasets().get(other));
    forgery.put(other, kept);
    return one + " and " + other + " swapped";
  }

  private String add() {
    boolean isDataset = random.nextBoolean();
    String name = Poison.word(random);
    String group = any(List.of("", "/weights", "/metrics", "/model", "/x/y"));
    if (isDataset) {
      forgery.put(group + "/" + name, Part.of(new long[] {2}, 1.0, 2.0));
      return "also " + group + "/" + name;
    }
    String place = (group.isEmpty() ? "/" : group) + "@" + name;
    forgery.put(place, anything());
    return "also " + place;
  }

  private long any(long[] values) {
    return values[random.nextInt(values.length)];
  }

  private double any(double[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> T any(List<T> values) {
    return values.isEmpty() ? null : values.get(random.nextInt(values.size()));
  }

  private static String shown(Object value) {
    String text = value instanceof String[] texts ? Arrays.toString(texts) : value.toString();
    return Poison.shown(text);
  }
}
