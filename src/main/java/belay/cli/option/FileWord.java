package belay.cli.option;

import picocli.CommandLine.ITypeConverter;

/** The same as {@link FilePath} where a word may also name a file of the jar. */
final class FileWord implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    FilePath.path(text, "file or directory");
    return text;
  }
}
