package belay.hdf;

import belay.error.DataException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The digests of datasets as a file's manifest lists them.
 *
 * @param sha256 of the manifest, which stands for the whole content
 * @param byPath SHA-256 of each dataset
 */
record ListedDigests(SealedFile file, String sha256, Map<String, String> byPath) {
  /** The manifest has a digest of its own. */
  private static final Elements.Digest UNCHECKED =
      new Elements.Digest() {
        @Override
        public String listed() {
          return "";
        }

        @Override
        public void check(String found) {}
      };

  /**
   * Reads the manifest, and takes it out of the structure.
   *
   * @throws DataException if it is not what its own digest says, or the file has other objects
   */
  static ListedDigests read(SealedFile file, Elements elements, Structure structure) {
    Extent extent = structure.dataset(Manifest.PATH, ElementType.STRING);
    ByteBuffer bytes = elements.whole(extent, UNCHECKED);
    List<String> lines = Content.decode(bytes, extent.elementBytes());
    String sha256 = Manifest.sha256(lines);
    if (!sha256.equals(
        new Attributes(file, structure.attributes()).text(Manifest.PATH, "sha256"))) {
      throw file.problem("is damaged: /manifest does not match its digest");
    }
    structure.datasets().remove(Manifest.PATH);
    structure.attributes().keySet().removeIf(place -> place.startsWith(Manifest.PATH + "@"));
    ListedDigests digests = new ListedDigests(file, sha256, Manifest.digests(lines));
    digests.checkLists(structure, lines);
    return digests;
  }

  private void checkLists(Structure structure, List<String> lines) {
    List<String> found = new ArrayList<>();
    structure
        .datasets()
        .forEach(
            (path, extent) ->
                found.add(Content.line(listed(path), extent.type(), extent.shape(), path)));
    structure
        .attributes()
        .forEach((place, value) -> found.add(Content.attributeLine(place, value)));
    Manifest.difference(lines, Manifest.sorted(found))
        .ifPresent(
            path -> {
              throw file.problem(path + " is not as the manifest has it");
            });
  }

  private String listed(String path) {
    return byPath.getOrDefault(path, "none");
  }

  /** What becomes of a dataset whose elements have another digest. */
  Elements.Digest of(String path) {
    return new Elements.Digest() {
      @Override
      public String listed() {
        return ListedDigests.this.listed(path);
      }

      @Override
      public void check(String found) {
        if (!found.equals(listed())) {
          throw file.problem(path + " is damaged: its SHA-256 is not the manifest's");
        }
      }
    };
  }
}
