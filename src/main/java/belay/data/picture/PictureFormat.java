package belay.data.picture;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Kinds of pictures that are read, told by a file's first bytes and not by its name. */
enum PictureFormat {
  PNG("\u0089PNG\r\n\u001a\n"),
  JPEG("\u00ff\u00d8\u00ff"),
  BMP("BM"),
  GIF("GIF8"),
  WEBP("RIFF");

  private static final Set<String> SUFFIXES = Set.of("png", "jpg", "jpeg", "bmp", "gif", "webp");

  private final byte[] signature;

  PictureFormat(String signature) {
    this.signature = signature.getBytes(StandardCharsets.ISO_8859_1);
  }

  static Optional<PictureFormat> of(byte[] file) {
    return Arrays.stream(values()).filter(format -> format.begins(file)).findFirst();
  }

  /** Whether a file's name ends as that of a picture. */
  static boolean isName(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private boolean begins(byte[] file) {
    return file.length >= signature.length
        && Arrays.equals(file, 0, signature.length, signature, 0, signature.length);
  }
}
