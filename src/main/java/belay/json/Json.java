package belay.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import com.google.gson.JsonSyntaxException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How records and maps become JSON: times as ISO text, paths as text, numbers that are none as
 * null.
 */
public final class Json {
  private static final Gson LINES = builder().create();
  private static final Gson PAGES = builder().setPrettyPrinting().create();

  private Json() {}

  /** A record, map or list on one line, without a line break. */
  public static String line(Object value) {
    return LINES.toJson(value);
  }

  /** The same indented, for people, with a line break at the end. */
  public static String page(Object value) {
    return PAGES.toJson(value) + "\n";
  }

  /**
   * The value that a text stands for; null if the text is empty.
   *
   * @param type a record, or Map.class for whatever may come: objects are then maps, numbers
   *     doubles
   * @throws IllegalArgumentException if the text is no JSON or no such value, or if the record's
   *     constructor refuses what it says
   */
  public static <T> T read(String text, Class<T> type) {
    try {
      return LINES.fromJson(text, type);
    } catch (RuntimeException e) { // of Gson's many kinds; a constructor's stands behind one
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static GsonBuilder builder() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .registerTypeAdapter(Instant.class, new InstantText().nullSafe())
        .registerTypeHierarchyAdapter(
            Path.class,
            (JsonSerializer<Path>) (path, type, context) -> new JsonPrimitive(path.toString()))
        .registerTypeAdapter(double.class, new FiniteNumber())
        // Gson asks for the boxed type on writing, whatever the component's own type.
        .registerTypeAdapter(Double.class, new FiniteNumber());
  }

  /** To the second: what people read does not need more. No clock shows another year than these. */
  private static final class InstantText extends TypeAdapter<Instant> {
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    @Override
    public void write(JsonWriter out, Instant time) throws IOException {
      out.value(time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    @Override
    public Instant read(JsonReader in) throws IOException {
      String text = in.nextString();
      try {
        Instant time = Instant.parse(text);
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
          throw new JsonSyntaxException(text + " is no time of this world");
        }
        return time;
      } catch (DateTimeException e) {
        throw new JsonSyntaxException(text + " is no time", e);
      }
    }
  }

  /** JSON has no word for NaN and infinity, but a curve may have such a point. */
  private static final class FiniteNumber extends TypeAdapter<Double> {
    @Override
    public void write(JsonWriter out, Double number) throws IOException {
      if (number == null) {
        out.nullValue();
      } else if (Double.isFinite(number)) {
        out.value(number);
      } else {
        boolean omit = !out.getSerializeNulls();
        out.setSerializeNulls(true);
        out.nullValue();
        out.setSerializeNulls(!omit);
      }
    }

    @Override
    public Double read(JsonReader in) throws IOException {
      if (in.peek() == JsonToken.NULL) {
        in.nextNull();
        return Double.NaN;
      }
      return in.nextDouble();
    }
  }
}
