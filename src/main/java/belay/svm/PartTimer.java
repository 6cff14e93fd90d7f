package belay.svm;

import java.util.function.Supplier;

/** Counts what each part of the work takes; a part within a part counts for the inner one. */
public interface PartTimer {
  /** Counts nothing. */
  PartTimer NONE =
      new PartTimer() {
        @Override
        public <T> T of(String name, Supplier<T> work) {
          return work.get();
        }
      };

  /** Does something and counts its time. */
  <T> T of(String name, Supplier<T> work);

  default void of(String name, Runnable work) {
    of(
        name,
        () -> {
          work.run();
          return null;
        });
  }
}
