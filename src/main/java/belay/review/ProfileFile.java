package belay.review;

import belay.json.Json;
import belay.report.StepProfile;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** profile.json: the time of a step by operation, where a run measured it. */
record ProfileFile(String device, int images, double stepSeconds, List<Operation> operations) {
  record Operation(String name, String layer, String pass, double seconds, double flop) {
    private StepProfile.Operation view() {
      return new StepProfile.Operation(orEmpty(name), orEmpty(layer), orEmpty(pass), seconds, flop);
    }
  }

  static Optional<StepProfile> read(Path run) {
    Path file = run.resolve("profile.json");
    try {
      ProfileFile profile = Json.read(Files.readString(file), ProfileFile.class);
      return Optional.ofNullable(profile).filter(p -> p.operations() != null).map(p -> p.view());
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskProblem.of("read", file, e);
    }
  }

  private StepProfile view() {
    return new StepProfile(
        orEmpty(device), images, stepSeconds, operations.stream().map(Operation::view).toList());
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
