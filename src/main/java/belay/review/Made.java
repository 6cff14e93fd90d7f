package belay.review;

import belay.error.DataException;
import belay.hdf.Hdf5Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a file says of how it was made.
 *
 * @param sha256 of its manifest
 * @param keys its configuration
 * @param digests the attributes of its root: of what it was made from
 */
record Made(
    String sha256,
    Map<String, String> keys,
    Map<String, String> provenance,
    Map<String, String> digests) {

  /** Empty where the file is missing, damaged or being replaced; its data are not read. */
  static Optional<Made> read(Path file) {
    return read(file, Made::of);
  }

  /** Anything else of a file, in the same way. */
  static <T> Optional<T> read(Path file, Function<Hdf5Reader, T> part) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      return Optional.of(part.apply(reader));
    } catch (DataException e) {
      return Optional.empty();
    }
  }

  static Made of(Hdf5Reader reader) {
    return new Made(
        reader.manifestSha256(),
        reader.texts("/configuration"),
        reader.texts("/provenance"),
        reader.texts("/"));
  }

  /** Of its provenance; empty where it does not say. */
  String fact(String name) {
    return provenance.getOrDefault(name, "");
  }

  /** Of its root; empty where it does not say. */
  String digest(String name) {
    return digests.getOrDefault(name, "");
  }

  /** The checkpoint that it goes back to, as its stage named it; empty where it did not. */
  String checkpoint() {
    return fact("checkpoint");
  }
}
