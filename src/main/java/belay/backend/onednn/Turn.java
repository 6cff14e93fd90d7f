package belay.backend.onednn;

/** Lets threads pass in the order of their numbers: sums then do not depend on who came first. */
final class Turn {
  private int next;
  private boolean broken;

  /** Waits for numbers 0 to number - 1, then does the work. */
  synchronized void pass(int number, Runnable work) {
    while (next != number && !broken) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException("Workers are never interrupted", e);
      }
    }
    if (!broken) {
      work.run();
      next++;
      notifyAll();
    }
  }

  /** Lets everybody go without working, because a number will never come. */
  synchronized void breakOff() {
    broken = true;
    notifyAll();
  }
}
