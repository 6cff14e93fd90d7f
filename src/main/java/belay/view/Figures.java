package belay.view;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers as people read them; what is no number is a dash. */
public final class Figures {
  public static final String NONE = "–";

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Figures() {}

  /** Four significant digits: 0.001683, 2.78e-08. */
  public static String loss(double value) {
    return significant(value, 4);
  }

  /** Three significant digits, with an exponent where zeros would hide them. */
  public static String small(double value) {
    return significant(value, 3);
  }

  /** A round number beside an axis, without zeros that say nothing: 0.002. */
  public static String tick(double value) {
    if (value == 0 || Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6) {
      return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }
    return String.format(Locale.ROOT, "%.0e", value);
  }

  /** A share from 0 to 1 as 97.6 %. */
  public static String percent(double share) {
    return Double.isFinite(share) ? fixed(100 * share, 1) + " %" : NONE;
  }

  /** A whole number with thousands apart: 4,692. */
  public static String count(long count) {
    StringBuilder digits = new StringBuilder().append(count);
    for (int at = digits.length() - 3; at > (count < 0 ? 1 : 0); at -= 3) {
      digits.insert(at, ',');
    }
    return digits.toString();
  }

  public static String rate(double perSecond) {
    if (!Double.isFinite(perSecond)) {
      return NONE;
    }
    return perSecond < 100 ? fixed(perSecond, 1) : count(Math.round(perSecond));
  }

  /** Two units at most: 850 ms, 12 s, 4 min 5 s, 41 min, 3 h 12 min, 2 d 4 h. */
  public static String duration(Duration duration) {
    double seconds = Math.max(0, duration.toSeconds() + duration.getNano() / 1e9);
    if (seconds < 1) {
      return seconds == 0 ? "0 s" : significant(1000 * seconds, seconds < 0.1 ? 2 : 3) + " ms";
    }
    if (seconds < 60) {
      return fixed(seconds, seconds < 10 ? 1 : 0) + " s";
    }
    long whole = Math.round(seconds);
    if (whole < 600) {
      return two(whole, 60, "min", "s");
    }
    if (whole < 3570) {
      return Math.round(seconds / 60) + " min";
    }
    long minutes = Math.round(seconds / 60);
    return minutes < 1440 ? two(minutes, 60, "h", "min") : two(minutes / 60, 24, "d", "h");
  }

  public static String seconds(double seconds) {
    return Double.isFinite(seconds) ? duration(Duration.ofNanos(Math.round(seconds * 1e9))) : NONE;
  }

  /** In units of 1024: 2.0 MiB. */
  public static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  /** To the minute, in UTC. */
  public static String time(Instant time) {
    return time == null ? NONE : DATE.format(time);
  }

  /** One thing or several: "1 epoch", "12 epochs". */
  public static String plural(long count, String thing) {
    return count(count) + " " + thing + (count == 1 ? "" : "s");
  }

  /** As %.3f would, many times faster: a page has up to a hundred thousand numbers. */
  private static String fixed(double value, int decimals) {
    long scaled = Math.round(Math.abs(value) * Math.pow(10, decimals));
    StringBuilder digits = new StringBuilder().append(scaled);
    while (digits.length() <= decimals) {
      digits.insert(0, '0');
    }
    if (decimals > 0) {
      digits.insert(digits.length() - decimals, '.');
    }
    return value < 0 && scaled > 0 ? digits.insert(0, '-').toString() : digits.toString();
  }

  private static String two(long count, int size, String large, String small) {
    return count % size == 0
        ? count / size + " " + large
        : count / size + " " + large + " " + count % size + " " + small;
  }

  private static String significant(double value, int digits) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size < 1e-4 || size >= 1e6) {
      return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
    }
    int decimals = Math.max(0, digits - 1 - (int) Math.floor(Math.log10(size)));
    return fixed(value, decimals);
  }
}
