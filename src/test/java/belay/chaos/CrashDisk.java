package belay.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * A disk that remembers what is safe and what is only on its way, as POSIX has it: what is written
 * into a file is safe when that file is synced, that a name stands for something when its directory
 * is. Of what is on its way, a power cut may keep anything: each write, each change of a name, in
 * part, or not at all.
 */
final class CrashDisk {
  /** What a power cut does to that which is on its way. */
  enum Cut {
    KEEPS_ALL,
    KEEPS_NOTHING,
    KEEPS_SOME
  }

  /** Number of the operation, and what it changes. */
  private record WriteChange(int number, long offset, byte[] bytes) {}

  private record NameChange(int number, Map<String, Node> names) {}

  private sealed interface Node {}

  private static final class FileNode implements Node {
    private byte[] safe = new byte[0];
    private final List<WriteChange> pending = new ArrayList<>(); // bytes null: truncated there
    private byte[] live = new byte[0];
  }

  private static final class DirectoryNode implements Node {
    private final Map<String, Node> safe = new TreeMap<>();
    private final List<NameChange> pending = new ArrayList<>();
    private final Map<String, Node> live = new TreeMap<>();
  }

  private final String root;
  private final DirectoryNode top;
  private int number;
  private int first; // of the process at work

  /** Everything that is there at the beginning is safe. */
  CrashDisk(Path root) throws IOException {
    this.root = root.toString();
    this.top = (DirectoryNode) read(root);
  }

  private static Node read(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      FileNode file = new FileNode();
      file.safe = Files.readAllBytes(path);
      file.live = file.safe;
      return file;
    }
    DirectoryNode directory = new DirectoryNode();
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.toList()) {
        directory.safe.put(entry.getFileName().toString(), read(entry));
      }
    }
    directory.live.putAll(directory.safe);
    return directory;
  }

  /** The operations of another process follow. */
  void beginProcess() {
    first = number;
  }

  void apply(DiskOperation operation) {
    if (operation instanceof DiskOperation.Open open) {
      open(open);
    } else if (operation instanceof DiskOperation.Write write) {
      file(write.path()).ifPresent(file -> write(file, write));
    } else if (operation instanceof DiskOperation.Truncate truncate) {
      file(truncate.path())
          .ifPresent(file -> change(file, new WriteChange(number, truncate.length(), null)));
    } else if (operation instanceof DiskOperation.Sync sync) {
      node(sync.path()).ifPresent(node -> sync(node, first + sync.begun()));
    } else if (operation instanceof DiskOperation.MakeDirectory make) {
      name(make.path(), new DirectoryNode());
    } else if (operation instanceof DiskOperation.Link link) {
      node(link.from()).ifPresent(node -> name(link.path(), node));
    } else if (operation instanceof DiskOperation.Rename rename) {
      rename(rename);
    } else if (operation instanceof DiskOperation.Remove remove) {
      name(remove.path(), null);
    }
    number++;
  }

  private void open(DiskOperation.Open open) {
    if (node(open.path()).isEmpty()) {
      name(open.path(), new FileNode());
    } else if (open.truncates()) {
      file(open.path()).ifPresent(file -> change(file, new WriteChange(number, 0, null)));
    }
  }

  private void write(FileNode file, DiskOperation.Write write) {
    long offset = write.offset() < 0 ? file.live.length : write.offset();
    change(file, new WriteChange(number, offset, write.bytes()));
  }

  private static void change(FileNode file, WriteChange change) {
    file.pending.add(change);
    file.live = changed(file.live, change, Integer.MAX_VALUE);
  }

  /** What a file holds after the first bytes of a change; a hole reads as zeros. */
  private static byte[] changed(byte[] before, WriteChange change, int most) {
    if (change.bytes() == null) {
      return Arrays.copyOf(before, (int) change.offset());
    }
    int count = Math.min(most, change.bytes().length);
    int end = (int) change.offset() + count;
    byte[] after = Arrays.copyOf(before, Math.max(before.length, end));
    System.arraycopy(change.bytes(), 0, after, (int) change.offset(), count);
    return after;
  }

  private void rename(DiskOperation.Rename rename) {
    Node node = node(rename.from()).orElseThrow();
    if (parent(rename.from()) != parent(rename.path())) {
      throw new AssertionError("a rename between directories was not expected: " + rename);
    }
    Map<String, Node> names = new LinkedHashMap<>();
    names.put(last(rename.from()), null);
    names.put(last(rename.path()), node);
    change(parent(rename.path()), new NameChange(number, names));
  }

  private void name(String path, Node node) {
    Map<String, Node> names = new LinkedHashMap<>();
    names.put(last(path), node);
    change(parent(path), new NameChange(number, names));
  }

  private static void change(DirectoryNode directory, NameChange change) {
    directory.pending.add(change);
    change(directory.live, change);
  }

  private static void change(Map<String, Node> names, NameChange change) {
    change.names().forEach((name, node) -> put(names, name, node));
  }

  private static void put(Map<String, Node> names, String name, Node node) {
    if (node == null) {
      names.remove(name);
    } else {
      names.put(name, node);
    }
  }

  private static void sync(Node node, int begun) {
    if (node instanceof FileNode file) {
      for (WriteChange change : file.pending) {
        file.safe =
            change.number() < begun ? changed(file.safe, change, Integer.MAX_VALUE) : file.safe;
      }
      file.pending.removeIf(change -> change.number() < begun);
    } else if (node instanceof DirectoryNode directory) {
      directory.pending.stream()
          .filter(change -> change.number() < begun)
          .forEach(change -> change(directory.safe, change));
      directory.pending.removeIf(change -> change.number() < begun);
    }
  }

  /** What a reader finds now; empty if there is no such file. */
  Optional<byte[]> live(String path) {
    return file(path).map(file -> file.live);
  }

  /**
   * What is there after a power cut.
   *
   * @return content by path below the root, null for a directory
   */
  Map<String, byte[]> cut(Cut cut, Random random) {
    Map<String, byte[]> left = new TreeMap<>();
    collect("", top, keeps(cut, random), left, new IdentityHashMap<>());
    return left;
  }

  /** How much of a change of so many bytes is kept. */
  private static IntUnaryOperator keeps(Cut cut, Random random) {
    return bytes ->
        switch (cut) {
          case KEEPS_ALL -> bytes;
          case KEEPS_NOTHING -> 0;
          case KEEPS_SOME ->
              switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> bytes < 2 ? bytes : random.nextInt(bytes);
                default -> bytes;
              };
        };
  }

  private static void collect(
      String prefix,
      DirectoryNode directory,
      IntUnaryOperator keeps,
      Map<String, byte[]> left,
      Map<FileNode, byte[]> contents) {
    Map<String, Node> names = new TreeMap<>(directory.safe);
    for (NameChange change : directory.pending) {
      if (keeps.applyAsInt(1) > 0) {
        change(names, change);
      }
    }
    names.forEach(
        (name, node) -> {
          if (node instanceof DirectoryNode inner) {
            left.put(prefix + name, null);
            collect(prefix + name + "/", inner, keeps, left, contents);
          } else if (node instanceof FileNode file) {
            left.put(prefix + name, contents.computeIfAbsent(file, f -> content(f, keeps)));
          }
        });
  }

  private static byte[] content(FileNode file, IntUnaryOperator keeps) {
    byte[] content = file.safe;
    for (WriteChange change : file.pending) {
      int kept = keeps.applyAsInt(change.bytes() == null ? 1 : change.bytes().length);
      content = kept == 0 ? content : changed(content, change, kept);
    }
    return content;
  }

  private Optional<FileNode> file(String path) {
    return node(path).filter(FileNode.class::isInstance).map(FileNode.class::cast);
  }

  private Optional<Node> node(String path) {
    return path.equals(root)
        ? Optional.of(top)
        : Optional.ofNullable(parent(path).live.get(last(path)));
  }

  private DirectoryNode parent(String path) {
    DirectoryNode directory = top;
    String[] steps = path.substring(root.length() + 1).split("/");
    for (int i = 0; i < steps.length - 1; i++) {
      directory = (DirectoryNode) directory.live.get(steps[i]);
    }
    return directory;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
