package belay.run;

import belay.data.ImageFormat;
import belay.error.ConfigurationException;
import belay.net.Network;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Finds a network by the value of train.network. */
public final class NetworkSource {
  private static final int MAX_BYTES = 1 << 20;

  private NetworkSource() {}

  /** As for ten classes, where no images say another number. */
  public static Network load(String name) {
    return load(name, ImageFormat.CIFAR10.classes());
  }

  /**
   * @param name of conf/net/NAME.net in the jar, or the path of a .net file
   * @param classes of the images, which $classes stands for
   */
  public static Network load(String name, int classes) {
    byte[] bytes = isPath(name) ? onDisk(name) : inJar(name);
    String file = Path.of(name).getFileName().toString().replaceFirst("\\.net$", "");
    return Network.parse(file, ClassCount.in(new String(bytes, StandardCharsets.UTF_8), classes));
  }

  static boolean isPath(String name) {
    return name.contains("/") || name.endsWith(".net");
  }

  private static byte[] onDisk(String name) {
    try {
      return PlainFile.read(Path.of(name), MAX_BYTES);
    } catch (IOException e) {
      throw new ConfigurationException(
          "train.network = %s cannot be read: %s; check the path"
              .formatted(name, DiskProblem.reason(e)),
          e);
    }
  }

  private static byte[] inJar(String name) {
    try (InputStream in = NetworkSource.class.getResourceAsStream("/conf/net/" + name + ".net")) {
      if (in == null) {
        throw new ConfigurationException(
            "train.network = "
                + name
                + " is not in the jar (airbench94, autoencoder, residual-autoencoder, resnet18, resnet50, resnet56, small, small-classifier, vgg16); write a path for a file of your own");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ConfigurationException("The jar cannot be read: " + e.getMessage(), e);
    }
  }
}
