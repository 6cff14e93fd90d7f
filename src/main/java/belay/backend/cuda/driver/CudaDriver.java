package belay.backend.cuda.driver;

import belay.error.DeviceException;
import belay.error.UnsupportedDeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;

/** Loads the driver's library, once. */
final class CudaDriver {
  private static boolean initialized;

  private CudaDriver() {}

  /**
   * @throws DeviceException if there is no usable driver or GPU
   */
  static synchronized void initialize() {
    if (!initialized) {
      loadBinding();
      CudaError.check(JCudaDriver.cuInit(0), "start NVIDIA's driver");
      initialized = true;
    }
  }

  /**
   * The binding unpacks its library under a fixed name into java.io.tmpdir, where another user's
   * file could be in the way: a directory of our own, node-local, keeps them apart.
   */
  private static void loadBinding() {
    String usual = System.getProperty("java.io.tmpdir");
    Path own = null;
    try {
      own = Files.createTempDirectory(temporary(usual), "belay-cuda");
      System.setProperty("java.io.tmpdir", own.toString());
      JCudaDriver.setExceptionsEnabled(false);
    } catch (IOException e) {
      throw new UnsupportedDeviceException(
          "Cannot unpack the CUDA binding: set TMPDIR to a writable directory", e);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new DeviceException(
          "No NVIDIA driver on this machine (libcuda.so.1 was not found): run on a GPU node, or"
              + " choose --backend cpu",
          e);
    } finally {
      System.setProperty("java.io.tmpdir", usual);
      delete(own);
    }
  }

  private static Path temporary(String usual) {
    String wanted = System.getenv("TMPDIR");
    return Path.of(wanted == null || wanted.isBlank() ? usual : wanted);
  }

  /** A loaded library needs its file no more. */
  private static void delete(Path directory) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
