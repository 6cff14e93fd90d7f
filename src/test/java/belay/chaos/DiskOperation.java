package belay.chaos;

/** Something that a process asked of the disk; paths are absolute. */
sealed interface DiskOperation {
  /** Of the file or directory; its new one where it gets another. */
  String path();

  /** A file was opened for writing, and made if it was missing. */
  record Open(String path, boolean truncates) implements DiskOperation {}

  /**
   * @param offset -1 for the end of the file
   */
  record Write(String path, long offset, byte[] bytes) implements DiskOperation {}

  record Truncate(String path, long length) implements DiskOperation {}

  /**
   * Of a file or a directory.
   *
   * @param begun how many operations were over when this began: those it covers
   */
  record Sync(String path, int begun) implements DiskOperation {}

  record MakeDirectory(String path) implements DiskOperation {}

  record Rename(String from, String path) implements DiskOperation {}

  record Link(String from, String path) implements DiskOperation {}

  /** Of a file or an empty directory. */
  record Remove(String path) implements DiskOperation {}
}
