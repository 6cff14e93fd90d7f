package belay.data;

import belay.error.DataException;
import belay.storage.PlainFile;
import belay.storage.UnfitFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The part of a download that is on disk: NAME.part, and NAME.part.origin that says of what. */
final class PartFile {
  private final Path path;
  private final Path note;

  PartFile(Path target) {
    path = target.resolveSibling(target.getFileName() + ".part");
    note = target.resolveSibling(target.getFileName() + ".part.origin");
  }

  Path path() {
    return path;
  }

  /** Bytes on disk. */
  long length() {
    try (FileChannel present = PlainFile.look(path)) {
      return present.size();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw problem(e);
    }
  }

  DownloadOrigin origin() {
    return DownloadOrigin.read(note);
  }

  boolean isWhole() {
    return origin().total() >= 0 && length() == origin().total();
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(note);
    } catch (IOException e) {
      throw problem(e);
    }
  }

  /**
   * Opens the file for more bytes.
   *
   * @param offset bytes to keep; the rest is cut off
   * @param origin what the bytes after them belong to
   * @throws DataException if it cannot be written, or another process is writing it
   */
  Sink open(long offset, DownloadOrigin origin) {
    try {
      FileChannel channel = PlainFile.append(path);
      try {
        lock(channel);
        // The old note must not vouch for new bytes, nor the new note for old ones.
        if (offset == 0) {
          Files.deleteIfExists(note);
        }
        if (channel.size() > offset) {
          channel.truncate(offset);
        }
        origin.write(note);
        return new Sink(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw problem(e);
    }
  }

  private void lock(FileChannel channel) {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    } catch (IOException e) {
      // A file system without locks: the checksum finds what two writers would spoil.
      return;
    }
    if (lock == null) {
      throw new DataException(
          "%s: another process is downloading into it; wait for that one".formatted(path));
    }
  }

  private DataException problem(IOException e) {
    String remedy =
        e instanceof UnfitFileException ? "remove it" : "free space (see also 'quota -s')";
    return new DataException(
        "Cannot write %s: %s; %s or choose another directory, then run the same command: it continues"
            .formatted(path, Reason.of(e), remedy),
        e);
  }

  /** Where the bytes go. A problem of the disk is told apart from one of the network. */
  final class Sink implements AutoCloseable {
    private final FileChannel channel;

    private Sink(FileChannel channel) {
      this.channel = channel;
    }

    void write(byte[] bytes, int count) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw problem(e);
      }
    }

    /** Corrects what is known about the bytes. */
    void note(DownloadOrigin origin) {
      try {
        origin.write(note);
      } catch (IOException e) {
        throw problem(e);
      }
    }

    @Override
    public void close() {
      try (channel) {
        channel.force(false);
      } catch (IOException e) {
        throw problem(e);
      }
    }
  }
}
