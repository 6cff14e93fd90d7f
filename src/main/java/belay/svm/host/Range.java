package belay.svm.host;

/** Consecutive samples. */
public record Range(int first, int count) {
  public int end() {
    return first + count;
  }
}
