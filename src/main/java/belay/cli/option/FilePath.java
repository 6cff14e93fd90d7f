package belay.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A file or directory on the command line. An option that stands where its name should, and an
 * empty word, as a variable without a value leaves it, are mistakes.
 */
public final class FilePath implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    return path(text, "file or directory");
  }

  static Path path(String text, String kind) {
    if (text.isBlank()) {
      throw new TypeConversionException(
          "a %s must have a name; is a variable not set?".formatted(kind));
    }
    if (text.startsWith("-")) {
      throw new TypeConversionException(
          "'%s' is no option of this command, and no %s; write ./%s if it is one"
              .formatted(text, kind, text));
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'%s' is not a path".formatted(text));
    }
  }
}
