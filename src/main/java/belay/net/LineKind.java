package belay.net;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The lines that a network's file may have, but for those of blocks. */
enum LineKind {
  INPUT(new Usage("input", List.of("HEIGHTxWIDTHxCHANNELS"), List.of())),
  CONV(layer("conv FILTERS", "kernel", "stride", "padding", "bias", "init")),
  LINEAR(layer("linear OUTPUTS", "bias", "init")),
  BATCH_NORM(layer("batchnorm", "epsilon", "momentum", "scale")),
  NORMALIZE(layer("normalize")),
  RELU(layer("relu")),
  GELU(layer("gelu")),
  SILU(layer("silu")),
  LEAKY_RELU(layer("leaky-relu", "slope")),
  ADD(layer("add NAME")),
  MAX_POOL(layer("maxpool SIDE", "stride", "padding")),
  AVERAGE_POOL(layer("averagepool SIDE", "stride", "padding")),
  GLOBAL_AVERAGE_POOL(layer("globalaveragepool")),
  UPSAMPLE(layer("upsample FACTOR")),
  DROPOUT(layer("dropout RATE")),
  LATENT(layer("latent")),
  OUTPUT(layer("output")),
  LOGITS(layer("logits", "scale")),
  NAME(new Usage("name", List.of("NAME"), List.of()));

  private final Usage usage;

  LineKind(Usage usage) {
    this.usage = usage;
  }

  /** A line that reads a value and has a name. */
  private static Usage layer(String words, String... options) {
    List<String> all = List.of(words.split(" "));
    return new Usage(
        all.get(0),
        all.subList(1, all.size()),
        Stream.concat(Arrays.stream(options), Stream.of("from", "name")).toList());
  }

  Usage usage() {
    return usage;
  }

  /** The first word of its lines. */
  String word() {
    return usage.kind();
  }

  static Optional<LineKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
