package belay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobEndTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @ParameterizedTest
  @CsvSource({
    "0:00, 0",
    "9:59, 599",
    "59:00, 3540",
    "2:00:00, 7200",
    "1-00:00:01, 86401",
    "7-12:30:00, 649800"
  })
  void readsSlurmsTimeLeft(String text, long seconds) {
    assertEquals(Optional.of(Duration.ofSeconds(seconds)), JobEnd.parseTimeLeft(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNLIMITED", "INVALID", "NOT_SET", "", "2", "1-", "2:00:00\n9:00"})
  void takesWhateverIsNoTimeForNone(String text) {
    assertEquals(Optional.empty(), JobEnd.parseTimeLeft(text));
  }

  @Test
  void believesSlurmsVariableWhereItIsSet() {
    assertEquals(
        Optional.of(Instant.ofEpochSecond(1_795_230_000)),
        told(Map.of("SLURM_JOB_ID", "1", "SLURM_JOB_END_TIME", "1795230000")));
  }

  @Test
  void addsOarsWalltimeToTheBeginningOfTheJob() {
    assertEquals(
        Optional.of(Instant.ofEpochSecond(1_795_237_200)),
        told(
            Map.of(
                "OAR_JOB_ID", "1",
                "OAR_JOB_WALLTIME_SECONDS", "7200",
                "BELAY_JOB_BEGAN", "1795230000")));
  }

  @Test
  void isUnknownWhereTheSchedulerDoesNotAnswer() {
    Map<String, String> nobodysJob = Map.of("SLURM_JOB_ID", "999999999");
    assertEquals(Optional.empty(), new JobEnd(nobodysJob, TIMEOUT).find());
  }

  @Test
  void isUnknownOutsideAJob() {
    assertEquals(Optional.empty(), new JobEnd(Map.of("SLURM_JOB_END_TIME", "9"), TIMEOUT).find());
  }

  private static Optional<Instant> told(Map<String, String> environment) {
    return new JobEnd(environment, TIMEOUT).told();
  }
}
