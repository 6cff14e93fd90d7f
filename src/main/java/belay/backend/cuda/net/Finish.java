package belay.backend.cuda.net;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.kernels.Epilogue;

/**
 * What turns the gradient of a value into the one that the stage which made the value reads.
 *
 * @param epilogue PLAIN, MASK or UNPOOL
 * @param argmax where the maxima were, for UNPOOL; else null
 * @param columnSums where a product may leave partial sums of what it writes, over pixels; null for
 *     nowhere
 */
record Finish(Epilogue epilogue, Arena.Slice argmax, Arena.Slice columnSums) {
  static final Finish NONE = new Finish(Epilogue.PLAIN, null, null);

  boolean masks() {
    return epilogue != Epilogue.PLAIN;
  }
}
