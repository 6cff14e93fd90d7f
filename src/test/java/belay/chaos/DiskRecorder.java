package belay.chaos;

import belay.Child;
import belay.cli.Jar;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the jar under strace(1) and reads what it asked of the disk below one directory: every
 * change, and every sync, in the order in which they were over.
 */
final class DiskRecorder {
  private static final String CALLS =
      "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fsync,fdatasync,"
          + "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,lseek,"
          + "sendfile,copy_file_range,fallocate,sync_file_range,symlink,symlinkat";
  private static final Pattern BEGUN = Pattern.compile("(\\d+) +(.*) <unfinished \\.\\.\\.>");
  private static final Pattern ENDED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");
  private static final Pattern NAME = Pattern.compile("\\d+ +(\\w+)\\(");
  private static final Pattern RESULT = Pattern.compile("\\) += (\\d+)");
  private static final Pattern FD = Pattern.compile("^(\\d+)<([^>]*)>");
  private static final Pattern RESULT_PATH = Pattern.compile("\\) += \\d+<([^>]*)>");

  private final String root;
  private final List<DiskOperation> operations = new ArrayList<>();
  private final Map<String, String> unfinished = new HashMap<>();
  private final Map<String, Integer> begun = new HashMap<>();
  private final Map<String, Long> positions = new HashMap<>(); // by descriptor and path; -1: at end

  private DiskRecorder(Path root) {
    this.root = root.toString();
  }

  static boolean isInstalled() {
    try {
      Process strace =
          new ProcessBuilder("strace", "-f", "--seccomp-bpf", "-e", "trace=openat", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return strace.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * @param root what lies elsewhere is of no interest
   * @return all operations of a command that ended with 0
   */
  static List<DiskOperation> record(Path root, String... arguments) throws Exception {
    Path trace = Files.createTempFile("belay", ".strace");
    try {
      List<String> command = new ArrayList<>(Child.HEARING_ALL_SIGNALS);
      command.addAll(List.of("strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1073741823"));
      command.addAll(List.of("-e", "trace=" + CALLS, "-o", trace.toString()));
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-jar", Jar.PATH.toString()));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(output);
      }
      return new DiskRecorder(root).read(trace);
    } finally {
      Files.delete(trace);
    }
  }

  private List<DiskOperation> read(Path trace) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(trace, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read(line);
      }
    }
    return operations;
  }

  private void read(String line) {
    Matcher begins = BEGUN.matcher(line);
    Matcher ends = ENDED.matcher(line);
    if (begins.matches()) {
      unfinished.put(begins.group(1), begins.group(2));
      begun.put(begins.group(1), operations.size());
    } else if (ends.matches()) {
      String thread = ends.group(1);
      call(thread + " " + unfinished.remove(thread) + ends.group(2), begun.remove(thread));
    } else {
      call(line, operations.size());
    }
  }

  /** Adds what a call that succeeded changed, if it was below the root. */
  private void call(String line, int began) {
    int result = line.lastIndexOf(") ");
    Matcher returned = RESULT.matcher(line.substring(Math.max(0, result)));
    Matcher name = NAME.matcher(line);
    if (!returned.lookingAt() || !name.lookingAt()) {
      return; // failed, or a signal
    }
    String arguments = line.substring(name.end(), result);
    long value = Long.parseLong(returned.group(1));
    switch (name.group(1)) {
      case "openat", "open", "creat" -> open(line, arguments, value);
      case "write", "writev" -> write(arguments, (int) value);
      case "pwrite64" -> pwrite(arguments, (int) value);
      case "lseek" -> descriptor(arguments).ifPresent(file -> positions.put(file.key(), value));
      case "ftruncate" ->
          descriptor(arguments)
              .ifPresent(
                  file -> add(new DiskOperation.Truncate(file.path(), lastNumber(arguments))));
      case "fsync", "fdatasync" ->
          descriptor(arguments).ifPresent(file -> add(new DiskOperation.Sync(file.path(), began)));
      case "mkdir", "mkdirat" -> add(new DiskOperation.MakeDirectory(path(arguments, 0)));
      case "unlink", "unlinkat", "rmdir" -> add(new DiskOperation.Remove(path(arguments, 0)));
      case "rename", "renameat", "renameat2" ->
          add(new DiskOperation.Rename(path(arguments, 0), path(arguments, 1)));
      case "link", "linkat" -> add(new DiskOperation.Link(path(arguments, 0), path(arguments, 1)));
      default -> refuse(line);
    }
  }

  /** A way to write that this class does not know must not go by unseen. */
  private void refuse(String line) {
    if (decoded(line).contains(root)) {
      throw new AssertionError("no such call was expected: " + decoded(line));
    }
  }

  private record Descriptor(String number, String path) {
    String key() {
      return number + " " + path;
    }
  }

  private Optional<Descriptor> descriptor(String arguments) {
    Matcher fd = FD.matcher(arguments);
    return fd.find()
        ? Optional.of(new Descriptor(fd.group(1), decoded(fd.group(2))))
            .filter(file -> isBelow(file.path()))
        : Optional.empty();
  }

  private void open(String line, String arguments, long number) {
    Matcher opened = RESULT_PATH.matcher(line);
    if (!opened.find() || !isBelow(decoded(opened.group(1)))) {
      return;
    }
    String path = decoded(opened.group(1));
    boolean isAppended = arguments.contains("O_APPEND");
    positions.put(number + " " + path, isAppended ? -1L : 0L);
    if (arguments.contains("O_CREAT") || arguments.contains("O_TRUNC")) {
      add(new DiskOperation.Open(path, arguments.contains("O_TRUNC")));
    }
  }

  private void write(String arguments, int count) {
    descriptor(arguments)
        .ifPresent(
            file -> {
              long position = positions.getOrDefault(file.key(), 0L);
              add(new DiskOperation.Write(file.path(), position, bytes(arguments, count)));
              positions.put(file.key(), position < 0 ? -1 : position + count);
            });
  }

  private void pwrite(String arguments, int count) {
    descriptor(arguments)
        .ifPresent(
            file ->
                add(
                    new DiskOperation.Write(
                        file.path(), lastNumber(arguments), bytes(arguments, count))));
  }

  private void add(DiskOperation operation) {
    if (isBelow(operation.path())) {
      operations.add(operation);
    }
  }

  private boolean isBelow(String path) {
    return path.equals(root) || path.startsWith(root + "/") && !path.contains("/logs/");
  }

  private static long lastNumber(String arguments) {
    return Long.parseLong(arguments.substring(arguments.lastIndexOf(", ") + 2));
  }

  private static String path(String arguments, int index) {
    return new String(strings(arguments).get(index), StandardCharsets.UTF_8);
  }

  /** Of all buffers of the call, as many as were written. */
  private static byte[] bytes(String arguments, int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    strings(arguments.substring(arguments.indexOf('>'))).forEach(bytes::writeBytes);
    return Arrays.copyOf(bytes.toByteArray(), count);
  }

  private static List<byte[]> strings(String arguments) {
    List<byte[]> strings = new ArrayList<>();
    int end = -1;
    for (int start = arguments.indexOf('"'); start >= 0; start = arguments.indexOf('"', end + 1)) {
      end = arguments.indexOf('"', start + 1);
      strings.add(bytes(arguments.substring(start + 1, end)));
    }
    return strings;
  }

  private static String decoded(String text) {
    return new String(bytes(text), StandardCharsets.UTF_8);
  }

  /** Strace writes every byte of a string as \\x2f. */
  private static byte[] bytes(String text) {
    byte[] bytes = new byte[text.length() / 4];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) HexFormat.fromHexDigits(text, 4 * i + 2, 4 * i + 4);
    }
    return bytes;
  }
}
