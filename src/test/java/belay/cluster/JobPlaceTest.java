package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where scripts and programs of jobs lie, so that nobody can have others run his. */
class JobPlaceTest {
  @TempDir private Path directory;
  private Path run;
  private Map<String, String> environment;

  @BeforeEach
  void nameRun() throws IOException {
    directory = directory.toRealPath();
    run = directory.resolve("run 1;");
    environment = Map.of("HOME", directory.resolve("home").toString());
  }

  @Test
  void isTheRunDirectoryWhereOnlyItsOwnerWrites() throws IOException {
    Files.createDirectory(run);
    mode(run, "rwxr-xr-x");
    JobPlace place = JobPlace.make(run, environment);
    assertEquals(run.resolve("jobs"), place.scripts());
    assertEquals(run.resolve("jobs"), place.programs());
    assertEquals(run.resolve("logs/job.log"), place.log("train"));
    assertEquals(Optional.empty(), place.reason());
    assertFalse(Files.exists(directory.resolve("home")));
  }

  @Test
  void isADirectoryOfTheUsersOwnWhereAGroupSharesTheRun() throws IOException {
    Files.createDirectory(run);
    mode(run, "rwxrwxr-x");
    JobPlace place = JobPlace.make(run, environment);
    Path all = directory.resolve("home/.local/state/belay/jobs");
    assertEquals(all, place.scripts().getParent());
    assertTrue(place.scripts().getFileName().toString().matches("run_1_-[0-9a-f]{12}"));
    assertEquals(all, place.programs());
    assertEquals(place.scripts().resolve("train.log"), place.log("train"));
    assertEquals(Optional.of(run + " may be written by others"), place.reason());
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.scripts())));
    assertTrue(Files.isDirectory(run.resolve("jobs"))); // of the record
  }

  @Test
  void tellsRunsOfOneNameApart() throws IOException {
    mode(directory, "rwxrwxrwx");
    JobPlace one = JobPlace.of(directory.resolve("a/ae1"), environment);
    JobPlace other = JobPlace.of(directory.resolve("b/ae1"), environment);
    assertFalse(one.scripts().equals(other.scripts()));
  }

  @Test
  void sendsTheSchedulersWordsElsewhereWhereOnlyLogsAreShared() throws IOException {
    Files.createDirectories(run.resolve("logs"));
    mode(run, "rwxr-xr-x");
    mode(run.resolve("logs"), "rwxrwxrwx");
    JobPlace place = JobPlace.make(run, environment);
    assertEquals(run.resolve("jobs/train.log"), place.log("train"));
  }

  @Test
  void hasNoLinkInItsPathThatSomebodyCouldTurn() throws IOException {
    Files.createDirectory(run);
    mode(run, "rwxr-xr-x");
    Path shared = Files.createDirectory(directory.resolve("shared"));
    mode(shared, "rwxrwxrwx");
    Path link = Files.createSymbolicLink(shared.resolve("link"), run);
    assertEquals(run.resolve("jobs"), JobPlace.make(link, environment).scripts());
  }

  @Test
  void lookingMakesNothing() throws IOException {
    JobPlace.of(run, environment);
    mode(directory, "rwxrwxrwx");
    JobPlace.of(run, environment);
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void saysWhichDirectoryIsOpenWhereNoneIsSafe() throws IOException {
    Path home = Files.createDirectories(directory.resolve("home/.local"));
    mode(directory.resolve("home"), "rwxrwxrwx");
    Files.createDirectory(run);
    mode(run, "rwxrwxrwx");
    String message =
        assertThrows(ConfigurationException.class, () -> JobPlace.make(run, environment))
            .getMessage();
    assertTrue(message.startsWith(home.getParent() + " may be written by others"), message);
    assertTrue(message.contains("chmod go-w it, or set XDG_STATE_HOME"), message);
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
