package belay.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A run directory on the command line. An option that stands where a directory should, and an empty
 * word, as a variable without a value leaves it, are mistakes, and no names of runs.
 */
public final class RunPath implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("a run directory must have a name; is a variable not set?");
    }
    if (text.startsWith("-")) {
      throw new TypeConversionException(
          "'%s' is no option of this command, and no run directory; write ./%s if it is one"
              .formatted(text, text));
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'%s' is not a path".formatted(text));
    }
  }
}
