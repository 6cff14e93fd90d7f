package belay.backend.cuda.net;

import belay.backend.cuda.driver.Gpu;
import java.util.function.Predicate;

/**
 * What the choice of kernels depends on.
 *
 * @param tier of the kernels, for example 80
 * @param has whether the tier has a kernel file
 */
record Chip(int multiprocessors, int tier, Predicate<String> has) {
  static Chip of(Gpu gpu) {
    return new Chip(gpu.device().multiprocessors(), gpu.images().tierNumber(), gpu.images()::has);
  }
}
