package belay.log;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides what only its owner should read: user, password and query of web addresses. Whatever is
 * logged, kept in a file or shown on a page goes through here.
 */
public final class Secrets {
  /** What stands in their place; no address that belay takes holds it. */
  public static final String HIDDEN = "***";

  // From a colon up to the last @: a password may hold what an address should not.
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?i)\\b((?:(?:https?|ftps?|file):/|[a-z][a-z0-9+.-]{0,30}://)/{0,2})([^\\s/:]*(?::\\S*)?@)?([^?\\s]*)(\\?\\S*)?");

  /** Matches every text: scheme, user, place, query. */
  private static final Pattern WHOLE =
      Pattern.compile("(?is)([a-z][a-z0-9+.-]*:/{1,3})?([^?]*@)?([^?]*)(\\?.*)?");

  private Secrets() {}

  /** Any text, with every address in it shortened: {@code https://***@host/path?***}. */
  public static String hide(String text) {
    if (text == null || !text.contains(":/")) {
      return text;
    }
    return ADDRESS.matcher(text).replaceAll(address -> Matcher.quoteReplacement(hidden(address)));
  }

  private static String hidden(MatchResult address) {
    String user = address.group(2) == null ? "" : HIDDEN + "@";
    String query = address.group(4) == null ? "" : "?" + HIDDEN;
    String scheme = address.group(1) == null ? "" : address.group(1);
    return scheme + user + address.group(3) + query;
  }

  /** What stands where an address should, however it is misspelt. */
  public static String hideAddress(String text) {
    Matcher parts = WHOLE.matcher(text);
    parts.matches();
    // A query with an @ may as well be the end of a password.
    boolean isUnclear = text.indexOf('?') >= 0 && text.indexOf('?') < text.lastIndexOf('@');
    return isUnclear ? HIDDEN : hidden(parts);
  }

  /** The same of every value. */
  public static SortedMap<String, String> hide(Map<String, String> texts) {
    SortedMap<String, String> hidden = new TreeMap<>();
    texts.forEach((name, text) -> hidden.put(name, hide(text)));
    return hidden;
  }
}
