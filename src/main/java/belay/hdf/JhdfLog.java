package belay.hdf;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Silences jhdf's own log: every problem that matters to a user reaches them as a DataException,
 * and its warnings (writing is in alpha) are for those who choose a library.
 */
final class JhdfLog {
  // A strong reference: java.util.logging forgets the level of a logger that nobody holds.
  private static final Logger LOGGER = Logger.getLogger("io.jhdf");

  private JhdfLog() {}

  static void silence() {
    LOGGER.setLevel(Level.OFF);
  }
}
