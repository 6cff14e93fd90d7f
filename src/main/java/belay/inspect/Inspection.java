package belay.inspect;

import belay.checkpoint.KeyHistory;
import belay.hdf.Hdf5Reader;
import belay.log.Secrets;
import belay.view.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Checks a file of a run, or a whole run, and says what is in it. */
public final class Inspection {
  private static final int SHORT_DIGEST = 12;

  private Inspection() {}

  /**
   * @param path an HDF5 file that belay wrote, or a run directory
   * @throws belay.error.DataException if a file is missing, damaged or not belay's
   */
  public static Sheet of(Path path) {
    if (Files.isDirectory(path)) {
      return RunSheet.of(path);
    }
    try (Hdf5Reader reader = Hdf5Reader.open(path)) {
      Whole.any(path, reader);
      Sheet sheet = new Sheet().facts("file", file(path, reader));
      describe(sheet, path, reader);
      return sheet
          .facts("changed while it trained", KeyHistory.of(reader.texts("/provenance")).texts())
          .facts("configuration", Secrets.hide(reader.attributes("/configuration")))
          .facts("provenance", reader.attributes("/provenance"))
          .table("datasets", datasets(reader));
    }
  }

  private static void describe(Sheet sheet, Path path, Hdf5Reader reader) {
    switch (reader.attributes("/").getOrDefault("format", "")) {
      case "belay-checkpoint" -> CheckpointSheet.add(sheet, path);
      case "belay-features" -> FeatureSheet.add(sheet, path);
      case "belay-svm" -> SvmSheet.add(sheet, path, reader);
      default -> {}
    }
  }

  private static Map<String, Object> file(Path path, Hdf5Reader reader) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("path", path.toString());
    facts.put("integrity", "whole, every digest is right");
    facts.putAll(reader.attributes("/"));
    facts.remove("verify");
    facts.put("manifest-sha256", reader.manifestSha256());
    return facts;
  }

  private static Table datasets(Hdf5Reader reader) {
    Table table = new Table("dataset", "type", "shape", "sha256");
    for (String dataset : reader.datasets()) {
      table.row(
          dataset,
          reader.type(dataset),
          reader.shapeText(dataset),
          reader.sha256(dataset).substring(0, SHORT_DIGEST));
    }
    return table;
  }
}
