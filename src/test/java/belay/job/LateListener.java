package belay.job;

/** Takes its time to listen for signals, says so, and ends. */
final class LateListener {
  private LateListener() {}

  public static void main(String[] arguments) throws Exception {
    Thread.sleep(300);
    StopSignals.install();
    System.out.println("listens");
  }
}
