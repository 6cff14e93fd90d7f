package belay.backend.cuda;

import belay.error.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The compiled kernels in the jar. Each tier holds machine code, and PTX that the driver compiles
 * for any later GPU: NAME.TIER.cubin and NAME.TIER.ptx.
 */
final class KernelImages implements AutoCloseable {
  /** Newest first. */
  static final List<String> TIERS = List.of("sm_90", "sm_80", "sm_70", "sm_35");

  private final int capability;
  private final List<String> candidates; // endings of file names, best first
  private final Map<String, CUmodule> modules = new HashMap<>();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private String ending; // of the images in use, once one has loaded

  /**
   * @param tier one of {@link #TIERS}, or auto for the best that loads
   */
  KernelImages(CudaDevice device, String tier) {
    this.capability = device.capability();
    List<String> usable =
        TIERS.stream().filter(t -> number(t) <= capability && allows(tier, t)).toList();
    this.candidates =
        usable.stream().flatMap(t -> endings(t).stream()).filter(KernelImages::isInJar).toList();
    if (candidates.isEmpty()) {
      throw new DeviceException(
          isInJar("sm_35.ptx") || isInJar("sm_80.ptx") || isInJar("sm_90.ptx")
              ? "The jar has no kernels of tier %s for compute capability %.1f"
                  .formatted(tier, capability / 10.0)
              : "This jar was built without nvcc and computes on CPUs only: build it where nvcc is,"
                  + " or choose --backend cpu");
    }
    function("images", "gather_images_f32"); // settles which image loads
  }

  private static boolean allows(String wanted, String tier) {
    return wanted.equals("auto") || wanted.equals(tier);
  }

  /** Machine code runs on GPUs of its own major version, PTX on every later GPU. */
  private List<String> endings(String tier) {
    return number(tier) / 10 == capability / 10
        ? List.of(tier + ".cubin", tier + ".ptx")
        : List.of(tier + ".ptx");
  }

  private static int number(String tier) {
    return Integer.parseInt(tier.substring("sm_".length()));
  }

  /** The tier in use, for example sm_80, or sm_35 (PTX) where the driver compiled it. */
  String tier() {
    return ending.endsWith(".ptx")
        ? ending.replace(".ptx", " (PTX)")
        : ending.replace(".cubin", "");
  }

  /** 10 major + minor of the tier in use: what its kernels may count on. */
  int tierNumber() {
    return number(ending.substring(0, ending.indexOf('.')));
  }

  /**
   * @param file kernel file, without its ending
   * @param name function in it
   */
  CUfunction function(String file, String name) {
    return functions.computeIfAbsent(name, key -> find(file, name));
  }

  /** Whether the tier in use has this function. */
  boolean has(String file, String name) {
    if (functions.containsKey(name)) {
      return true;
    }
    CUfunction function = new CUfunction();
    if (!isInJar(file, ending)
        || JCudaDriver.cuModuleGetFunction(function, module(file), name) != CUresult.CUDA_SUCCESS) {
      return false;
    }
    functions.put(name, function);
    return true;
  }

  private CUfunction find(String file, String name) {
    CUfunction function = new CUfunction();
    CudaError.check(
        JCudaDriver.cuModuleGetFunction(function, module(file), name), "find kernel " + name);
    return function;
  }

  private CUmodule module(String file) {
    return modules.computeIfAbsent(file, this::load);
  }

  private CUmodule load(String file) {
    CUmodule module = new CUmodule();
    if (ending != null) {
      CudaError.check(load(module, file, ending), "load kernels " + file + "." + ending);
      return module;
    }
    int result = CUresult.CUDA_SUCCESS;
    for (String candidate : candidates) {
      result = load(module, file, candidate);
      if (result == CUresult.CUDA_SUCCESS) {
        ending = candidate;
        return module;
      }
    }
    CudaError.check(result, "load any of the jar's kernels " + candidates);
    return module;
  }

  private static int load(CUmodule module, String file, String ending) {
    byte[] image = read(file, ending);
    // PTX is text that ends with a zero; machine code does not mind one.
    return JCudaDriver.cuModuleLoadData(module, Arrays.copyOf(image, image.length + 1));
  }

  private static boolean isInJar(String ending) {
    return isInJar("images", ending);
  }

  private static boolean isInJar(String file, String ending) {
    return KernelImages.class.getResource(path(file, ending)) != null;
  }

  private static String path(String file, String ending) {
    return "images/" + file + "." + ending;
  }

  private static byte[] read(String file, String ending) {
    try (InputStream in = KernelImages.class.getResourceAsStream(path(file, ending))) {
      if (in == null) {
        throw new DeviceException("The jar lacks kernels " + file + "." + ending + ": rebuild it");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new DeviceException("Cannot read kernels from the jar: copy it here again", e);
    }
  }

  @Override
  public void close() {
    modules.values().forEach(JCudaDriver::cuModuleUnload);
  }
}
