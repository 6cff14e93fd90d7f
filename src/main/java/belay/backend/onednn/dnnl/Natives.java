package belay.backend.onednn.dnnl;

import belay.error.DeviceException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Unpacks oneDNN, its OpenMP runtime and JNA's own library once for each user and node, and loads
 * them. The directory lies under $TMPDIR or else, where that is missing, full or mounted noexec,
 * the next of a few that are local to the node: never in the home directory, which is often small
 * and shared by many nodes.
 */
public final class Natives {
  public static final String VERSION = "3.11.0";

  /** Other versions unpack beside these: JNA's libraries of several versions have equal sizes. */
  private static final String DIRECTORY = "onednn-" + VERSION + "-jna-" + Native.VERSION;

  private static final String ONEDNN = "/org/bytedeco/dnnl/linux-x86_64/";
  private static final List<String> RESOURCES =
      List.of(
          ONEDNN + "libdnnl.so.3",
          ONEDNN + "libgomp.so.1",
          "/com/sun/jna/linux-x86-64/libjnidispatch.so");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> OTHERS_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static boolean loaded;
  private static DeviceException failure; // JNA's classes can be loaded only once

  private Natives() {}

  /** Why oneDNN cannot be used here, or empty if it is loaded. */
  public static synchronized Optional<String> problem() {
    try {
      load();
      return Optional.empty();
    } catch (DeviceException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Loads the library on the first call; after a failure the next calls fail alike.
   *
   * @throws DeviceException saying what is missing
   */
  public static synchronized void load() {
    if (failure != null) {
      throw failure;
    }
    if (!loaded) {
      try {
        requirePlatform();
        load(firstUsable(temporaryDirectories(), Natives::requireExecution));
        loaded = true;
      } catch (DeviceException e) {
        failure = e;
        throw e;
      }
    }
  }

  /**
   * @param directory with all libraries
   */
  private static void load(Path directory) {
    try {
      System.setProperty("jna.boot.library.path", directory.toString());
      System.setProperty("jna.nosys", "true");
      System.setProperty("jna.nounpack", "true");
      Path library = directory.resolve("libdnnl.so.3");
      aside(() -> register(NativeLibrary.getInstance(library.toString())));
    } catch (UnsatisfiedLinkError e) {
      throw new DeviceException(
          "Cannot load oneDNN " + VERSION + ": " + e.getMessage() + "; use --backend reference", e);
    }
  }

  private static void register(NativeLibrary library) {
    Native.register(Dnnl.class, library);
    Native.register(DnnlDescriptions.class, library);
  }

  /**
   * Runs on a thread that ends: where the environment asks OpenMP to bind threads (OMP_PROC_BIND),
   * its runtime pins the thread that loads it to one core, and every thread begun there inherits
   * that. OpenMP's functions are found through oneDNN: they are those of the runtime it uses.
   */
  private static void aside(Runnable loading) {
    FutureTask<Void> task = new FutureTask<>(loading, null);
    new Thread(task, "onednn-loader").start();
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnsatisfiedLinkError error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeviceException("Interrupted while loading oneDNN", e);
    }
  }

  private static void requirePlatform() {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.equals("Linux amd64")) {
      throw new DeviceException(
          "oneDNN comes for Linux amd64, this is " + platform + "; use --backend reference");
    }
  }

  private static Set<Path> temporaryDirectories() {
    return Stream.of(
            System.getenv("TMPDIR"),
            System.getProperty("java.io.tmpdir"),
            "/tmp",
            "/dev/shm",
            "/var/tmp")
        .filter(name -> name != null && !name.isEmpty())
        .map(Path::of)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Unpacks into the first directory that takes the libraries and lets them run.
   *
   * @param trial throws an UnsatisfiedLinkError if code may not run from a directory
   * @return the directory with all libraries
   * @throws DeviceException if there is none, with the reason for each
   */
  public static Path firstUsable(Set<Path> temporaries, Consumer<Path> trial) {
    List<String> reasons = new ArrayList<>();
    for (Path temporary : temporaries) {
      try {
        Path directory = unpack(temporary);
        trial.accept(directory);
        return directory;
      } catch (IOException | UncheckedIOException | UnsatisfiedLinkError e) {
        reasons.add(temporary + " (" + reason(e) + ")");
      }
    }
    throw new DeviceException(
        "Cannot unpack oneDNN "
            + VERSION
            + ", tried "
            + String.join(", ", reasons)
            + ": set TMPDIR to a node-local directory with 100 MB free that allows execution");
  }

  /**
   * Loads the smallest library as a trial: on a file system mounted noexec the linker refuses. Not
   * JNA's, whose classes could not be loaded from elsewhere after that.
   */
  private static void requireExecution(Path directory) {
    aside(() -> System.load(directory.resolve("libgomp.so.1").toString()));
  }

  /** Without the paths, which the messages of the JVM and of the linker give several times. */
  private static String reason(Throwable e) {
    if (e instanceof UnsatisfiedLinkError) {
      String message = e.getMessage();
      return "does not allow execution: " + message.substring(message.lastIndexOf(": ") + 2);
    } else if (e instanceof AccessDeniedException) {
      return "not writable";
    } else if (e instanceof NoSuchFileException) {
      return "cannot be made";
    }
    return e.getMessage();
  }

  /**
   * @param temporary a directory that others may write to as well
   * @return the directory with all libraries, safe from other users
   */
  public static Path unpack(Path temporary) throws IOException {
    Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Path own = temporary.resolve("belay-" + user);
    boolean lasting = isPrivate(own, user);
    if (!lasting) {
      own = Files.createTempDirectory(temporary, "belay-" + user + "-");
    }
    Path directory = Files.createDirectories(own.resolve(DIRECTORY));
    for (String resource : RESOURCES) {
      unpack(resource, directory);
    }
    if (!lasting) {
      deleteOnExit(own, directory);
    }
    return directory;
  }

  /** Creates the directory, or looks whether somebody else could have put libraries there. */
  private static boolean isPrivate(Path directory, Object user) throws IOException {
    try {
      Files.createDirectories(directory.getParent());
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
      return true;
    } catch (FileAlreadyExistsException e) {
      return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
          && Files.getAttribute(directory, "unix:uid").equals(user)
          && Collections.disjoint(Files.getPosixFilePermissions(directory), OTHERS_WRITE);
    }
  }

  private static void deleteOnExit(Path own, Path directory) throws IOException {
    own.toFile().deleteOnExit(); // the JVM deletes in reverse order
    directory.toFile().deleteOnExit();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> file.toFile().deleteOnExit());
    }
  }

  /** Writes beside and renames: another process sees the whole file or none. */
  private static void unpack(String resource, Path directory) throws IOException {
    URL url = Natives.class.getResource(resource);
    if (url == null) {
      throw new IOException("this jar lacks " + resource);
    }
    URLConnection connection = url.openConnection();
    Path target = directory.resolve(resource.substring(resource.lastIndexOf('/') + 1));
    if (Files.exists(target) && Files.size(target) == connection.getContentLengthLong()) {
      return;
    }
    Path part = Files.createTempFile(directory, "part-", null);
    try (InputStream in = connection.getInputStream()) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
