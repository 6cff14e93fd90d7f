package belay.cluster;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Signals by which a scheduler or a user asks the process to save its state and end. Handlers only
 * remember the first request; loops ask {@code StopSignals::requested} and stop where they may.
 * Nobody can take a request back, and a second signal changes nothing.
 *
 * <p>{@link #install} is the first statement of main: a JVM without a handler dies of USR1, and
 * crashes of USR2, which is OAR's usual checkpoint signal. A signal that the process was started to
 * ignore (HUP under nohup, INT in the background of a script) stays ignored. Under {@code -Xrs} the
 * JVM hears no signals at all.
 */
public final class StopSignals {
  private static final String[] NAMES = {"TERM", "USR1", "USR2", "HUP", "INT"};
  private static final AtomicReference<Request> FIRST = new AtomicReference<>();

  private record Request(String name, boolean isSignal) {}

  private StopSignals() {}

  /** Takes every signal that this JVM gives away; what it refuses keeps its usual effect. */
  public static void install() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      Object listener = listener(signal, handler);
      for (String name : NAMES) {
        take(handle, signal.getConstructor(String.class), name, listener);
      }
    } catch (Throwable absent) {
      // A runtime without jdk.unsupported: the periodic checkpoints are what protects the run.
    }
  }

  /**
   * Asks the process to stop as a signal would, for a reason of our own.
   *
   * @param why one or two words for the log: "walltime"
   */
  public static void request(String why) {
    FIRST.compareAndSet(null, new Request(why, false));
  }

  /** Whether a signal, or the end of the time limit, has asked the process to stop. */
  public static boolean requested() {
    return FIRST.get() != null;
  }

  /** The first signal heard, without SIG: "TERM". */
  public static Optional<String> name() {
    return Optional.ofNullable(FIRST.get()).filter(Request::isSignal).map(Request::name);
  }

  /** Why the process is to stop: "signal TERM", "walltime". */
  public static Optional<String> reason() {
    return Optional.ofNullable(FIRST.get())
        .map(request -> (request.isSignal() ? "signal " : "") + request.name());
  }

  private static void take(Method handle, Constructor<?> signal, String name, Object listener)
      throws ReflectiveOperationException {
    try {
      handle.invoke(null, signal.newInstance(name), listener);
    } catch (InvocationTargetException refused) {
      // Unknown on this system, or kept by the JVM for itself.
    }
  }

  /**
   * The object that {@code SignalHandler h = StopSignals::hear} would make. The compiler refuses
   * that line, as no annotation silences its warning about sun.misc; and a Proxy takes three times
   * as long to make, in which the first signal would kill.
   */
  private static Object listener(Class<?> signal, Class<?> handler) throws Throwable {
    MethodHandles.Lookup here = MethodHandles.lookup();
    MethodHandle hear =
        here.findStatic(StopSignals.class, "hear", MethodType.methodType(void.class, Object.class));
    return LambdaMetafactory.metafactory(
            here,
            "handle",
            MethodType.methodType(handler),
            MethodType.methodType(void.class, signal),
            hear,
            MethodType.methodType(void.class, signal))
        .getTarget()
        .invoke();
  }

  /** Called in a thread of its own for each signal, whose text is "SIGTERM". */
  private static void hear(Object signal) {
    FIRST.compareAndSet(null, new Request(signal.toString().substring("SIG".length()), true));
  }
}
