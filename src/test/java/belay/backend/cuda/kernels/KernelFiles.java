package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The .cu files in kernels/, each for the tiers that build.sh compiles it for. */
public final class KernelFiles {
  static final List<Integer> TIERS = List.of(35, 70, 80, 90);

  private static final Path ROOT = Path.of("kernels");

  /** Name to tiers, each with what the file declares there. */
  private static final Map<String, NavigableMap<Integer, KernelFile>> FILES = new TreeMap<>();

  private static final Set<String> LAB = new TreeSet<>();

  private KernelFiles() {}

  static {
    files(ROOT).forEach(file -> declare(file, TIERS));
    for (Path file : files(ROOT.resolve("lab"))) {
      declare(file, TIERS);
      LAB.add(name(file));
    }
    List<String> volta = tensorFilesOfVolta();
    files(ROOT.resolve("tensor"))
        .forEach(
            file ->
                declare(file, volta.contains(name(file)) ? List.of(70, 80, 90) : List.of(80, 90)));
  }

  private static void declare(Path file, List<Integer> tiers) {
    NavigableMap<Integer, KernelFile> declared = new TreeMap<>();
    tiers.forEach(tier -> declared.put(tier, KernelFile.read(file, ROOT, tier)));
    FILES.put(name(file), declared);
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".cu")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".cu", "");
  }

  private static List<String> tensorFilesOfVolta() {
    try {
      String script = Files.readString(ROOT.resolve("build.sh"));
      Matcher names = Pattern.compile("tensor/\\{([\\w,]+)\\}\\.cu").matcher(script);
      if (!names.find()) {
        throw new AssertionError("build.sh does not list the files of sm_70");
      }
      return List.of(names.group(1).split(","));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Set<String> names() {
    return FILES.keySet();
  }

  /** Whether some of its kernels may be called by nobody. */
  static boolean isLab(String file) {
    return LAB.contains(file);
  }

  /** Tiers to what a file declares there; none for a file that does not exist. */
  static Map<Integer, KernelFile> tiers(String file) {
    return FILES.getOrDefault(file, new TreeMap<>());
  }

  /** Tiers to the kernel of a call. */
  static Map<Integer, KernelFile.Kernel> kernels(Call call) {
    Map<Integer, KernelFile.Kernel> kernels = new TreeMap<>();
    tiers(call.file())
        .forEach(
            (tier, file) -> {
              if (file.kernels().containsKey(call.name())) {
                kernels.put(tier, file.kernels().get(call.name()));
              }
            });
    if (kernels.isEmpty()) {
      throw new AssertionError("No tier has " + call.name() + " in " + call.file() + ".cu");
    }
    return kernels;
  }

  /**
   * @throws AssertionError if no tier has the kernel of a call
   */
  public static void expect(Call call) {
    kernels(call);
  }

  /** Threads of a block that a file states for a kernel; 0 if it states none. */
  static long threads(String file, int tier, KernelFile.Kernel kernel) {
    return kernel.threads().orElseGet(() -> tiers(file).get(tier).constant("THREADS").orElse(0));
  }
}
