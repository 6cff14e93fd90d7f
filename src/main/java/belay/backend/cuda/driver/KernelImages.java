package belay.backend.cuda.driver;

import belay.error.UnsupportedDeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The compiled kernels in the jar, a file NAME.TIER.fatbin for each source and tier: machine code
 * for the tier's own GPUs, and PTX that the driver compiles for any later one.
 */
public final class KernelImages implements AutoCloseable {
  /** Newest first. */
  static final List<String> TIERS = List.of("sm_90", "sm_80", "sm_70", "sm_35");

  /** One of kernels/ that each tier has. */
  private static final String FIRST_FILE = "images";

  private final int capability;
  private final String tier;
  private final Map<String, CUmodule> modules = new HashMap<>();
  private final Map<String, CUfunction> functions = new HashMap<>();

  /**
   * @param wanted one of {@link #TIERS}, or auto for the best that loads
   */
  public KernelImages(CudaDevice device, String wanted) {
    this.capability = device.capability();
    this.tier = firstThatLoads(candidates(wanted, capability));
  }

  /** Those that the jar has, newest first; none where it was built without nvcc. */
  public static List<String> tiersInJar() {
    return TIERS.stream().filter(tier -> isInJar(FIRST_FILE, tier)).toList();
  }

  /**
   * @throws UnsupportedDeviceException if there are none
   */
  static List<String> candidates(String wanted, int capability) {
    List<String> candidates =
        tiersInJar().stream()
            .filter(tier -> wanted.equals("auto") || wanted.equals(tier))
            .filter(tier -> number(tier) <= capability)
            .toList();
    if (candidates.isEmpty()) {
      throw new UnsupportedDeviceException(missing(wanted, capability));
    }
    return candidates;
  }

  private static String missing(String wanted, int capability) {
    return tiersInJar().isEmpty()
        ? "This jar was built without nvcc and computes on CPUs only: build it where nvcc is, or choose --backend cpu"
        : "This jar has no kernels of tier %s for compute capability %.1f: look at cuda.tier, or build it with more versions of nvcc"
            .formatted(wanted, capability / 10.0);
  }

  /** An old driver may refuse what a new toolkit made, and take an older tier. */
  private String firstThatLoads(List<String> candidates) {
    int result = CUresult.CUDA_SUCCESS;
    for (String candidate : candidates) {
      CUmodule module = new CUmodule();
      result = load(module, FIRST_FILE, candidate);
      if (result == CUresult.CUDA_SUCCESS) {
        modules.put(FIRST_FILE, module);
        return candidate;
      }
    }
    CudaError.check(result, "load any of this jar's kernels " + candidates);
    throw new IllegalStateException("No candidate");
  }

  private static int number(String tier) {
    return Integer.parseInt(tier.substring("sm_".length()));
  }

  /** The tier in use, for example sm_80, or sm_35 (PTX) where the driver compiled it. */
  public String tier() {
    return number(tier) / 10 == capability / 10 ? tier : tier + " (PTX)";
  }

  /** 10 major + minor of the tier in use. */
  public int tierNumber() {
    return number(tier);
  }

  /**
   * @param file kernel file, without its ending
   * @param name function in it
   */
  CUfunction function(String file, String name) {
    return functions.computeIfAbsent(name, key -> find(file, name));
  }

  /** Whether the tier in use has this file. */
  public boolean has(String file) {
    return isInJar(file, tier);
  }

  private CUfunction find(String file, String name) {
    CUfunction function = new CUfunction();
    CudaError.check(
        JCudaDriver.cuModuleGetFunction(function, module(file), name), "find kernel " + name);
    return function;
  }

  private CUmodule module(String file) {
    return modules.computeIfAbsent(
        file,
        key -> {
          CUmodule module = new CUmodule();
          CudaError.check(load(module, file, tier), "load kernels " + file + "." + tier);
          return module;
        });
  }

  private static int load(CUmodule module, String file, String tier) {
    return JCudaDriver.cuModuleLoadData(module, read(file, tier));
  }

  private static boolean isInJar(String file, String tier) {
    return KernelImages.class.getResource(path(file, tier)) != null;
  }

  private static String path(String file, String tier) {
    return "/belay/backend/cuda/images/%s.%s.fatbin".formatted(file, tier);
  }

  private static byte[] read(String file, String tier) {
    try (InputStream in = KernelImages.class.getResourceAsStream(path(file, tier))) {
      if (in == null) {
        throw new UnsupportedDeviceException(
            "The jar lacks kernels " + file + "." + tier + ": rebuild it");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UnsupportedDeviceException(
          "Cannot read kernels from the jar: copy it here again", e);
    }
  }

  @Override
  public void close() {
    modules.values().forEach(JCudaDriver::cuModuleUnload);
  }
}
