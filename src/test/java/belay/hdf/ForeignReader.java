package belay.hdf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that read HDF5 with the HDF Group's library; a test skips where they are absent. */
public final class ForeignReader {
  private ForeignReader() {}

  public static String h5dump(String... arguments) {
    assumeTrue(runs("h5dump", "--version"), "h5dump (hdf5-tools) is not installed");
    return output("h5dump", arguments);
  }

  public static String h5ls(String... arguments) {
    assumeTrue(runs("h5ls", "--version"), "h5ls (hdf5-tools) is not installed");
    return output("h5ls", arguments);
  }

  /** Copies a file object by object. */
  public static void h5repack(Path file, Path copy) {
    assumeTrue(runs("h5repack", "--version"), "h5repack (hdf5-tools) is not installed");
    output("h5repack", file.toString(), copy.toString());
  }

  /** Runs a program with h5py as h5, numpy as np, and the file open as f. */
  public static String h5py(Path file, String program) {
    assumeTrue(runs("/usr/bin/python3", "-c", "import h5py"), "python3-h5py is not installed");
    String whole = "import h5py, numpy as np, sys\nf = h5py.File(sys.argv[1])\n" + program;
    return output("/usr/bin/python3", "-c", whole, file.toString());
  }

  /** The check that src/bench/python/verify_h5.py does, and its output. */
  public static String verify(Path file) {
    assumeTrue(runs("/usr/bin/python3", "-c", "import h5py"), "python3-h5py is not installed");
    return output("/usr/bin/python3", "src/bench/python/verify_h5.py", file.toString());
  }

  private static boolean runs(String... command) {
    try {
      return run(List.of(command)).status == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String output(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(0, program);
    try {
      Result result = run(command);
      assertEquals(0, result.status, result.output);
      return result.output;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Result run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      return new Result(process.waitFor(), output);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private record Result(int status, String output) {}
}
