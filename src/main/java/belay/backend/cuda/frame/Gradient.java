package belay.backend.cuda.frame;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.ResidualKernels;

/**
 * The gradient of a value. Each of the value's readers leaves its part, in reverse order: the first
 * part is the gradient so far, later ones are added to it. A product that alone reads the value
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

  /** What the one reader, a product, may do at once; nothing where there are several. */
  public Finish finishAtOnce() {
    return readers == 1 ? finish : Finish.NONE;
  }

  /** Where a product writes the next part. */
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
   * The same for a part to which a product has applied what {@link #finishAtOnce} allows.
   *
   * @param columnParts how many partial sums it has left
   */
  public void leaveFinished(Epilogue applied, int columnParts) {
    parts++;
    this.at = own;
    this.applied = applied;
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

  Finish finish() {
    return finish;
  }

  /** How many partial column sums of the finished gradient there are; 0 for none. */
  public int columnParts() {
    return columnParts;
  }
}
