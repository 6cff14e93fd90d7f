package belay.backend.cuda.frame;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.driver.Arena;

/**
 * What turns the gradient of a value into the one that the stage which made the value reads.
 *
 * @param epilogue PLAIN, MASK or UNPOOL
 * @param argmax where the maxima were, for UNPOOL; else null
 * @param columnSums where a product may leave partial sums of what it writes, over pixels; null for
 *     nowhere
 */
public record Finish(Epilogue epilogue, Arena.Slice argmax, Arena.Slice columnSums) {
  public static final Finish NONE = new Finish(Epilogue.PLAIN, null, null);

  public boolean masks() {
    return epilogue != Epilogue.PLAIN;
  }
}
