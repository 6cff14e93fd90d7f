package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;

/**
 * What changes from step to step, as it lies on the device: {@link #SCALARS} floats, the step, the
 * epoch, then rows [batch]; four bytes each.
 */
public final class Mail {
  /** What an update reads each step. */
  public static final int SCALARS = 4;

  /** Place of the number of optimiser steps taken before. */
  public static final int STEP = SCALARS;

  /** Place of the number of the epoch. */
  public static final int EPOCH = STEP + 1;

  /** Place of the rows, at a whole access of 16 bytes. */
  public static final int ROWS = 8;

  private final Arena.Slice slice;

  Mail(Arena arena, int batch) {
    this.slice = arena.reserve(4L * (ROWS + batch));
  }

  public Arena.Slice slice() {
    return slice;
  }

  /** What an update reads each step [{@link #SCALARS}]. */
  public Address scalars() {
    return slice;
  }

  Address at(int place) {
    return slice.at(place);
  }
}
