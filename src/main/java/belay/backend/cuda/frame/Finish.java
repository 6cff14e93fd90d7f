package belay.backend.cuda.frame;

import belay.backend.cuda.conv.ColumnSums;
import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.driver.Arena;

/**
 * What turns the gradient of a value into the one that the stage which made the value reads.
 *
 * @param epilogue PLAIN, MASK or UNPOOL
 * @param argmax where the maxima were, for UNPOOL; else null
 * @param sums where a product may leave partial sums of what it writes, over pixels
 */
public record Finish(Epilogue epilogue, Arena.Slice argmax, ColumnSums sums) {
  public static final Finish NONE = new Finish(Epilogue.PLAIN, null, ColumnSums.NONE);

  public boolean masks() {
    return epilogue != Epilogue.PLAIN;
  }
}
