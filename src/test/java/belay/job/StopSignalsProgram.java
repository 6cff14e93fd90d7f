package belay.job;

/**
 * Installs the handlers, says so, and at the end of its input tells what it heard. With "stuck" it
 * never gets there: it waits for somebody who reads its standard error.
 */
final class StopSignalsProgram {
  private StopSignalsProgram() {}

  public static void main(String[] arguments) throws Exception {
    StopSignals.install();
    boolean isStuck = arguments.length > 0 && arguments[0].equals("stuck");
    if (arguments.length > 0 && !isStuck) {
      StopSignals.request(arguments[0]);
    }
    System.out.println("requested " + StopSignals.requested());
    while (isStuck) {
      System.err.println("and so on");
    }
    while (System.in.read() != '\n') {
      // Signals come in while this waits.
    }
    // The JVM hands a signal to its handler a moment after the process got it.
    for (int i = 0; i < 500 && !StopSignals.requested(); i++) {
      Thread.sleep(10);
    }
    System.out.println(StopSignals.requested() + " " + StopSignals.name().orElse("none"));
    System.out.println(StopSignals.reason().orElse("none"));
  }
}
