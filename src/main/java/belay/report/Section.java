package belay.report;

/** A part of the page with a heading of its own. */
interface Section {
  /** For links to it: letters alone. */
  String id();

  String title();

  /** Whether there is anything to show. */
  boolean isEmpty();

  void write(Html page);
}
