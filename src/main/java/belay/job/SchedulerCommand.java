package belay.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import belay.error.SchedulerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A command of the scheduler: run without a shell, and not for ever.
 *
 * @param words program and arguments
 * @param directory to run in
 * @param timeout after which it is killed
 * @param input what it reads
 */
public record SchedulerCommand(List<String> words, Path directory, Duration timeout, String input) {
  private static final int LONGEST_ERROR = 600;
  private static final String ADMISSION = "[ADMISSION RULE]"; // OAR's chatter

  /** What a command said. */
  public record Answer(int exitCode, String out, String errors) {
    /** Everything, as one line. */
    public String line() {
      return (out + " " + errors).replaceAll("\\s+|\\p{Cntrl}", " ").strip();
    }
  }

  public SchedulerCommand(List<String> words, Path directory, Duration timeout) {
    this(words, directory, timeout, "");
  }

  public static SchedulerCommand of(Duration timeout, String... words) {
    return new SchedulerCommand(List.of(words), Path.of("").toAbsolutePath(), timeout);
  }

  public SchedulerCommand withInput(String text) {
    return new SchedulerCommand(words, directory, timeout, text);
  }

  /** Whether a program of this name can be found, as a shell would. */
  public static boolean exists(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String directory : path.split(":")) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The output of the command.
   *
   * @throws SchedulerException if it cannot be started, fails or does not end, with what it said
   */
  public String output() {
    Answer answer = run();
    if (answer.exitCode() != 0) {
      throw new SchedulerException(
          "%s refused (exit code %d): %s"
              .formatted(words.get(0), answer.exitCode(), errorLine(answer)));
    }
    return answer.out();
  }

  /**
   * What the command answers, whatever its exit code.
   *
   * @throws SchedulerException if it cannot be started or does not end
   */
  public Answer run() {
    try {
      ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
      builder.environment().put("PWD", directory.toString()); // which oarsub believes
      Process process = builder.start();
      try {
        CompletableFuture<String> errors = said(process.getErrorStream());
        CompletableFuture<String> out = said(process.getInputStream());
        CompletableFuture.runAsync(() -> tell(process.getOutputStream()));
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new SchedulerException(
              "%s gave no answer within %d s: is the scheduler up? (cluster.timeout-seconds)"
                  .formatted(words.get(0), timeout.toSeconds()));
        }
        return new Answer(process.exitValue(), out.join(), errors.join());
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new SchedulerException(
          "Cannot run %s, is this a machine of the cluster? (%s)"
              .formatted(words.get(0), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("Interrupted while waiting for " + words.get(0));
    }
  }

  /** Not all of it, if the command does not read on. */
  private void tell(OutputStream out) {
    try (out) {
      out.write(input.getBytes(UTF_8));
    } catch (IOException closed) {
      // What the command says tells why.
    }
  }

  /** Not for ever either: a child of the command may keep the pipe open. */
  private CompletableFuture<String> said(InputStream stream) {
    return CompletableFuture.supplyAsync(() -> text(stream))
        .completeOnTimeout("", timeout.toMillis() + 1000, TimeUnit.MILLISECONDS);
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was said, as one line; without chatter, unless that is what refused. */
  private static String errorLine(Answer answer) {
    String all = answer.errors().isBlank() ? answer.out() : answer.errors();
    List<String> lines = all.lines().map(String::strip).filter(text -> !text.isEmpty()).toList();
    List<String> words = lines.stream().filter(text -> !text.startsWith(ADMISSION)).toList();
    String line = String.join("; ", words.isEmpty() ? lines : words).replaceAll("\\p{Cntrl}", " ");
    return line.length() > LONGEST_ERROR ? line.substring(0, LONGEST_ERROR) + "..." : line;
  }
}
