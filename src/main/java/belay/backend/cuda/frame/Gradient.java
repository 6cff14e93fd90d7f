package belay.backend.cuda.frame;

import belay.backend.cuda.conv.ColumnSums;
import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.ResidualKernels;

/**
 * The gradient of a value. Each of the value's readers leaves its part, in reverse order: the first
 * part is the gradient so far, later ones are added to it. A product that leaves the last part
 * applies the {@link Finish} in its epilogue; else the stage that made the value does.
 */
public final class Gradient {
  private final Frame frame;
  private final int value;
  private final Arena.Slice own; // its memory
  private final Arena.Slice another; // memory for a part, shared by all gradients
  private Finish finish = Finish.NONE;
  private long room; // values an image
  private int readers;

  // What the tape has left by now.
  private int parts;
  private Arena.Slice at;
  private Epilogue applied;
  private int columnParts;

  /**
   * @param own of no size yet, as is
   * @param another which holds a part between two launches
   */
  Gradient(Frame frame, int value, Arena.Slice own, Arena.Slice another) {
    this.frame = frame;
    this.value = value;
    this.own = own;
    this.another = another;
  }

  /** Counts a reader through which the loss depends on the value. */
  void expectReader() {
    readers++;
  }

  /** Whether the loss depends on the value, and the value on parameters. */
  public boolean isWanted() {
    return readers > 0;
  }

  /**
   * Says what the stage that makes the value wants.
   *
   * @param values an image, of the finished gradient
   */
  public void finishedBy(Finish finish, long values) {
    this.finish = finish;
    this.room = values;
  }

  /** Says that a reader will leave its part in other memory. */
  public void expectElsewhere() {
    if (readers == 1 && !finish.masks()) {
      room = 0;
    }
  }

  /** Makes room, once all stages have said what they want. */
  void reserve() {
    if (isWanted()) {
      long bytes = (long) frame.format().bytes() * frame.batch();
      own.atLeast(bytes * room);
      another.atLeast(readers > 1 ? bytes * frame.shape(value).size() : 0);
    }
  }

  /** Begins a new tape. */
  void begin() {
    parts = 0;
    at = null;
    applied = Epilogue.PLAIN;
    columnParts = 0;
  }

  /**
   * What a product does that writes the next part.
   *
   * @param addend the parts so far; null for none
   * @param mask what is not positive makes the gradient 0; null for nothing
   * @param applied of the finish
   */
  public record Join(
      Epilogue epilogue,
      Arena.Slice addend,
      Arena.Slice mask,
      Arena.Slice argmax,
      Arena.Slice dx,
      ColumnSums sums,
      Epilogue applied) {}

  /**
   * What the next part's product is to do: the last one finishes the gradient.
   *
   * @param pixels whether its rows are the value's pixels, in order; it can neither unpool nor sum
   *     channels otherwise
   */
  public Join join(boolean pixels) {
    boolean last = parts + 1 == readers;
    boolean masks = last && finish.masks();
    boolean unpools = masks && readers == 1 && pixels && finish.epilogue() == Epilogue.UNPOOL;
    boolean normed = last && pixels && finish.sums().normed() != null;
    Epilogue applied = unpools ? Epilogue.UNPOOL : masks ? Epilogue.MASK : Epilogue.PLAIN;
    boolean simple = parts == 0 && (pixels || !masks) && !normed;
    Epilogue epilogue = simple ? applied : Epilogue.ADD;
    return new Join(
        epilogue,
        at,
        masks ? mask() : null,
        unpools ? finish.argmax() : null,
        own,
        last && pixels && epilogue != Epilogue.PLAIN ? finish.sums() : ColumnSums.NONE,
        applied);
  }

  /** Where a kernel that can neither add nor mask writes the next part. */
  public Arena.Slice next() {
    return at == own ? another : own;
  }

  /** How a kernel that can add and mask writes the next part. */
  public Target target() {
    boolean last = parts + 1 == readers;
    return new Target(own, at == own, last && finish.masks() && !isElsewhere() ? mask() : null);
  }

  /** The same for one that cannot mask. */
  public Target targetWithoutMask() {
    return new Target(own, at == own, null);
  }

  /** Whether the parts so far lie in memory that others read too. */
  private boolean isElsewhere() {
    return at != null && at != own;
  }

  private Arena.Slice mask() {
    return frame.value(value);
  }

  /** Adds what must follow a part [count, like the value], wherever it lies. */
  public void leave(Tape tape, int count, Arena.Slice part) {
    if (parts++ == 0) {
      at = part;
    } else {
      add(tape, (long) count * frame.shape(value).size(), part);
    }
  }

  private void add(Tape tape, long total, Arena.Slice part) {
    if (isElsewhere() && part != own) {
      tape.add(ResidualKernels.add(frame.type(), at, part, own, false, total));
    } else {
      boolean masks = parts == readers && finish.masks();
      Arena.Slice other = isElsewhere() ? at : part;
      tape.add(ResidualKernels.accumulate(frame.type(), other, masks ? mask() : null, own, total));
      applied = masks ? Epilogue.MASK : Epilogue.PLAIN;
    }
    at = own;
  }

  /** The same for a part that a kernel has written as told. */
  public void leave(Tape tape, int count, Target part) {
    if (isElsewhere()) {
      leave(tape, count, part.dx());
    } else {
      parts++;
      at = own;
      applied = part.mask() == null ? Epilogue.PLAIN : Epilogue.MASK;
    }
  }

  /**
   * The same for a part that a product has joined to the others.
   *
   * @param columnParts how many partial sums it has left
   */
  public void leave(Join part, int columnParts) {
    parts++;
    this.at = own;
    this.applied = part.applied();
    this.columnParts = columnParts;
  }

  /** The gradient, to which {@link #applied} has been. */
  public Arena.Slice at() {
    return at;
  }

  /** Memory of the gradient: what {@link #at} names may be read by others. */
  public Arena.Slice own() {
    return own;
  }

  /** Which of PLAIN, MASK and UNPOOL has been applied. */
  public Epilogue applied() {
    return applied;
  }

  /** How many partial column sums of the finished gradient there are; 0 for none. */
  public int columnParts() {
    return columnParts;
  }
}
