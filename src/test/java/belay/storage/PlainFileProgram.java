package belay.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Prints a file that somebody gives. */
final class PlainFileProgram {
  private PlainFileProgram() {}

  public static void main(String[] arguments) throws IOException {
    System.out.write(PlainFile.readGiven(Path.of(arguments[0]), PlainFile.SMALL));
    System.out.flush();
  }
}
