package belay.conf.settings;

import java.util.OptionalInt;

/**
 * The processor.
 *
 * @param threads of the CPU backend; empty for what the job was given
 */
public record CpuSettings(OptionalInt threads) {
  static CpuSettings of(Values values) {
    return new CpuSettings(values.get(Keys.CPU_THREADS));
  }
}
