package belay.cli.option;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/** A run directory on the command line, refused as {@link FilePath} does. */
public final class RunPath implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    return FilePath.path(text, "run directory");
  }
}
