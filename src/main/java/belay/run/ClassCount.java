package belay.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The word $classes in a network's file, outside of blocks: the number of classes that the images
 * have, so that one file serves every data set.
 */
final class ClassCount {
  private static final Pattern WORD = Pattern.compile("\\$classes\\b");
  private static final Pattern BEGIN = Pattern.compile("\\s*block\\b.*");
  private static final Pattern END = Pattern.compile("\\s*end\\b.*");

  private ClassCount() {}

  /** The text with the number in place of the word. In blocks it may be a parameter's name. */
  static String in(String text, int classes) {
    StringBuilder filled = new StringBuilder();
    boolean isInBlock = false;
    String separator = "";
    for (String line : text.split("\n", -1)) {
      isInBlock |= BEGIN.matcher(line).matches();
      String number = Matcher.quoteReplacement(Integer.toString(classes));
      filled.append(separator);
      filled.append(isInBlock ? line : WORD.matcher(line).replaceAll(number));
      isInBlock &= !END.matcher(line).matches();
      separator = "\n";
    }
    return filled.toString();
  }
}
