package belay.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How records become JSON: times as ISO text, numbers that are none as null. */
final class Json {
  /** One line a record. */
  static final Gson LINES = builder().create();

  /** Indented, for people. */
  static final Gson PAGES = builder().setPrettyPrinting().create();

  private Json() {}

  private static GsonBuilder builder() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .registerTypeAdapter(Instant.class, new InstantText().nullSafe())
        .registerTypeAdapter(double.class, new FiniteNumber())
        // Gson asks for the boxed type on writing, whatever the component's own type.
        .registerTypeAdapter(Double.class, new FiniteNumber());
  }

  /** To the second: what people read does not need more. */
  private static final class InstantText extends TypeAdapter<Instant> {
    @Override
    public void write(JsonWriter out, Instant time) throws IOException {
      out.value(time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    @Override
    public Instant read(JsonReader in) throws IOException {
      String text = in.nextString();
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new JsonSyntaxException(text + " is no time", e);
      }
    }
  }

  /** JSON has no word for NaN and infinity, but a curve may have such a point. */
  private static final class FiniteNumber extends TypeAdapter<Double> {
    @Override
    public void write(JsonWriter out, Double number) throws IOException {
      if (Double.isFinite(number)) {
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
