package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Gpu;
import java.util.function.Predicate;

/**
 * What the choice of kernels depends on.
 *
 * @param tier of the kernels, for example 80
 * @param has whether the tier has a kernel file
 */
public record Chip(int multiprocessors, int tier, Predicate<String> has) {
  public static Chip of(Gpu gpu) {
    return new Chip(gpu.device().multiprocessors(), gpu.images().tierNumber(), gpu.images()::has);
  }
}
