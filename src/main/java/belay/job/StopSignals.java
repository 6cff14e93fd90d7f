package belay.job;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Signals by which a scheduler or a user asks the process to save its state and end. Handlers only
 * remember the first request; loops ask {@code StopSignals::requested} and stop where they may.
 * Nobody can take a request back.
 *
 * <p>Warnings may come as often as they like. A second TERM or INT is somebody who will not wait:
 * the process ends at once, whatever it is stuck in, as if SIGKILL had come. Two in one breath are
 * one, as schedulers send them.
 *
 * <p>{@link #install} is the first statement of main: a JVM without a handler dies of USR1, and
 * crashes of USR2, which is OAR's usual checkpoint signal; modules/belay starts it so that it lives
 * until then. Whatever a signal needs is loaded here too, since the jar may be another one when it
 * comes. A signal that the process was started to ignore (HUP under nohup, INT in the background of
 * a script) stays ignored. Under {@code -Xrs} the JVM hears no signals at all.
 */
public final class StopSignals {
  private static final String[] NAMES = {"TERM", "USR1", "USR2", "HUP", "INT"};
  private static final Map<String, Integer> NUMBERS = Map.of("TERM", 15, "INT", 2); // that end it
  private static final long BREATH = 1_000_000_000; // ns
  private static final long LAST_WORD_MILLIS = 1000;
  private static final AtomicReference<Request> FIRST = new AtomicReference<>();
  private static final AtomicReference<Request> URGED = new AtomicReference<>();

  /**
   * @param time in ns of System.nanoTime
   */
  private record Request(String name, boolean isSignal, long time) {}

  private StopSignals() {}

  /** Takes every signal that this JVM gives away; what it refuses keeps its usual effect. */
  public static void install() {
    try {
      new Request("", true, 0); // loads the class
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
    FIRST.compareAndSet(null, new Request(why, false, System.nanoTime()));
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
    String name = signal.toString().substring("SIG".length());
    Request request = new Request(name, true, System.nanoTime());
    FIRST.compareAndSet(null, request);
    if (NUMBERS.containsKey(name)
        && !URGED.compareAndSet(null, request)
        && request.time() - URGED.get().time() >= BREATH) {
      endNow(name);
    }
  }

  private static void endNow(String name) {
    try {
      // Standard error may be a pipe that nobody reads, or locked by who waits for it.
      Thread word = new Thread(() -> sayLastWord(name));
      word.setDaemon(true);
      word.start();
      word.join(LAST_WORD_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(128 + NUMBERS.get(name));
    }
  }

  private static void sayLastWord(String name) {
    String line =
        ("Ended at once by a second signal (%s): every file is whole; what came after the last"
                + " checkpoint is lost, and the same command goes on from there%n")
            .formatted(name);
    try (FileOutputStream error = new FileOutputStream(FileDescriptor.err)) {
      error.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Nobody listens.
    }
  }
}
