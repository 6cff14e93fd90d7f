package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Argument;
import belay.backend.cuda.driver.Call;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file in kernels/ as g++ compiles it for the host with src/test/cuda/host.h: runs calls as the
 * classes ...Kernels make them, with all their blocks and threads. Tests that ask for one are
 * skipped where there is no g++.
 */
public final class HostKernels {
  private static final int TIER = 80;

  /** A striding kernel gets 16 blocks for each of these. */
  private static final int MULTIPROCESSORS = 1;

  private static final Path BUILT = Path.of("target", "kernels-on-host");
  private static final Map<String, HostKernels> ALL = new ConcurrentHashMap<>();

  private final NativeLibrary library;

  private HostKernels(Path library) {
    this.library = NativeLibrary.getInstance(library.toAbsolutePath().toString());
  }

  public static HostKernels of(String file) {
    assumeTrue(exists(), "No g++");
    return ALL.computeIfAbsent(file, name -> new HostKernels(compiled(name)));
  }

  private static boolean exists() {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "g++")));
  }

  private static Path compiled(String file) {
    Path library = BUILT.resolve(file + ".so");
    try {
      Files.createDirectories(BUILT);
      Path source = Files.writeString(BUILT.resolve(file + ".cpp"), source(file));
      Process compiler =
          new ProcessBuilder(
                  "g++",
                  "-std=c++17",
                  "-O1",
                  "-U_FORTIFY_SOURCE",
                  "-w",
                  "-fPIC",
                  "-shared",
                  "-Wl,-Bsymbolic", // a template of one file is not that of another file's barriers
                  "-fno-gnu-unique",
                  "-D__CUDA_ARCH__=" + 10 * TIER,
                  "-Isrc/test/cuda",
                  "-Ikernels",
                  "-o",
                  library.toString(),
                  source.toString())
              .redirectErrorStream(true)
              .start();
      String problems = new String(compiler.getInputStream().readAllBytes());
      assertEquals(0, compiler.waitFor(), problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return library;
  }

  private static String source(String file) {
    StringBuilder source = new StringBuilder("#include \"host.h\"\n#include \"" + file + ".cu\"\n");
    source.append("#include \"types.cuh\"\n");
    for (String kernel : KernelFiles.tiers(file).get(TIER).kernels().keySet()) {
      source.append("RUN(" + kernel + ")\n");
    }
    return source.append("FOR_EACH_TYPE(CONVERSIONS)\n").toString();
  }

  /** Values of a type in the host's memory, rounded to it. */
  public HostTensor tensor(ValueType type, float... values) {
    return HostTensor.of(library, type, values);
  }

  /** The same, of NaN: who reads what nobody has written gets it. */
  public HostTensor empty(ValueType type, long count) {
    float[] values = new float[Math.toIntExact(count)];
    Arrays.fill(values, Float.NaN);
    return tensor(type, values);
  }

  /**
   * @throws AssertionError if not all threads of a block meet at a barrier
   */
  public void run(Call call) {
    Call.Grid grid = call.grid(MULTIPROCESSORS);
    List<Argument> arguments = call.arguments();
    try (Memory values = new Memory(8L * arguments.size());
        Memory pointers = new Memory(8L * arguments.size());
        Memory sizes = new Memory(12)) {
      for (int i = 0; i < arguments.size(); i++) {
        put(values.share(8L * i), arguments.get(i).value());
        pointers.setPointer(8L * i, values.share(8L * i));
      }
      sizes.write(0, new int[] {grid.x(), grid.y(), grid.z()}, 0, 3);
      Object[] launch = {sizes, call.block(), pointers};
      assertEquals(1, library.getFunction("run_" + call.name()).invokeInt(launch), call.name());
    }
  }

  private static void put(Pointer to, Object value) {
    if (value == null) {
      to.setLong(0, 0);
    } else if (value instanceof Address address) {
      to.setLong(0, address.address());
    } else if (value instanceof Integer number) {
      to.setInt(0, number);
    } else if (value instanceof Long number) {
      to.setLong(0, number);
    } else if (value instanceof Float number) {
      to.setFloat(0, number);
    } else {
      throw new AssertionError("No kernel here takes " + value.getClass());
    }
  }
}
