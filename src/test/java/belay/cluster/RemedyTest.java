package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemedyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JobHeldUser|scontrol release 7_3",
        "JobHeldAdmin|only the site can release it",
        "launch failed requeued held|scontrol release 7_3 tries again",
        "job requeued in held state|scontrol release 7_3 tries again",
        "DependencyNeverSatisfied afterok:41_2(failed)|its dependency afterok:41_2 has failed; it will never begin",
        "DependencyNeverSatisfied afterany:5(unfulfilled),aftercorr:41_*(failed)|its dependency aftercorr:41_* has failed;",
        "DependencyNeverSatisfied|belay cancel, mend the cause, then submit again",
        "QOSMaxWallDurationPerJobLimit|a shorter --time",
        "QOSMaxCpuPerJobLimit|more than one job may have",
        "AssocMaxWallDurationPerJobLimit|a shorter --time",
        "AssocGrpCPUMinutesLimit|is used up",
        "QOSGrpGRESMinutes|is used up",
        "QOSMaxJobsPerUserLimit|a limit of its account is reached",
        "QOSMaxGRESPerUser|a limit of its account is reached",
        "AssocMaxJobsLimit|a limit of its account is reached",
        "AssocGrpGRES|a limit of its account is reached",
        "PartitionTimeLimit|a shorter --time or another --partition",
        "PartitionNodeLimit|another --partition",
        "PartitionDown|another --partition",
        "ReqNodeNotAvail, UnavailableNodes:a100-[1-2]|sinfo -R tells why",
        "ReqNodeNotAvail|sinfo -R tells why",
        "BadConstraints|another --gpu, --constraint or memory",
        "InvalidAccount|an --account that is yours",
        "InvalidQOS|a --qos that its account may use",
      })
  void namesWhatToDoAboutAJobOfSlurm(String reason, String words) {
    String remedy = of("slurm", "pending", reason).orElseThrow();
    assertTrue(remedy.contains(words), remedy);
    assertTrue(remedy.lines().count() == 1, remedy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Priority", "Resources", "Dependency", "BeginTime", "None", ""})
  void saysNothingOfAJobThatWaitsForItsTurn(String reason) {
    assertEquals(Optional.empty(), of("slurm", "pending", reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "failed", "completed", "ended"})
  void saysNothingOfAJobThatDoesNotWait(String word) {
    assertEquals(Optional.empty(), of("slurm", word, "JobHeldUser"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hold||oarresume 7_3",
        "toerror|One or several nodes are not responding correctly|oarstat -fj 7_3",
        "error||oarstat -fj 7_3",
        "waiting|Quota limitation reached: 3 jobs|a quota of the site is reached",
        "waiting|Cannot find enough resources which fit for the job 7|another --gpu",
      })
  void namesWhatToDoAboutAJobOfOar(String word, String reason, String words) {
    String remedy = of("oar", word, reason == null ? "" : reason).orElseThrow();
    assertTrue(remedy.contains(words), remedy);
  }

  @Test
  void saysNothingOfAJobOfOarThatWaitsForItsTurn() {
    assertEquals(Optional.empty(), of("oar", "waiting", "after 12"));
    assertEquals(Optional.empty(), of("oar", "waiting", "Karma = 0.000"));
    assertEquals(Optional.empty(), of("oar", "running", ""));
  }

  private static Optional<String> of(String scheduler, String word, String reason) {
    SubmittedJob job = SubmittedJob.foreign(scheduler, "train", "7_3", Instant.EPOCH);
    return Remedy.of(new JobState(job, "7_3", word, reason));
  }
}
