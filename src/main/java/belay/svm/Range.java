package belay.svm;

/** Consecutive samples. */
record Range(int first, int count) {
  int end() {
    return first + count;
  }
}
