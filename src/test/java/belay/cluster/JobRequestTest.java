package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users ask of schedulers, in their words; the real ones read them in the cluster's tests. */
class JobRequestTest {
  private static final BatchSystem SLURM = new SlurmBatch(SampleJobs.TIMEOUT);
  private static final BatchSystem OAR = new OarBatch(SampleJobs.TIMEOUT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--array=0-9",
        "--arr=0-9",
        "-a0-9",
        "-a",
        "--output=x",
        "-o",
        "--error=x",
        "--time=1",
        "--signal=TERM",
        "--no-requeue",
        "--wrap=true",
        "--wait",
        "--test-only",
        "--dependency=singleton",
        "--begin=now",
        "--comment=hetjob",
        "--comment=a\nb"
      })
  void sbatchIsNotGivenWhatBelayGivesIt(String word) {
    assertThrows(
        ConfigurationException.class, () -> check(SLURM, SampleJobs.options("--nice", word)), word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--array", "-O", "--stderr", "-l", "-p", "-r", "-a", "-S", "-I", "--signal"})
  void oarsubIsNotGivenWhatBelayGivesIt(String word) {
    assertThrows(
        ConfigurationException.class, () -> check(OAR, SampleJobs.options(word, "x")), word);
  }

  @Test
  void aWordThatIsNoOptionIsNeithersOption() {
    assertThrows(ConfigurationException.class, () -> check(SLURM, SampleJobs.options("nonsense")));
  }

  @Test
  void othersPass() {
    check(SLURM, SampleJobs.options("--nice=100", "-w", "n1", "--comment=a b", "--export=NONE"));
    check(OAR, SampleJobs.options("-q", "default", "-t", "inner=12", "--name", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "afterok:1",
        "afterany:1_2:3_*+10,afternotok:4",
        "singleton",
        "after:1?aftercorr:2",
        "afterburstbuffer:7"
      })
  void slurmsDependenciesAreKnown(String text) {
    check(SLURM, wish("", text));
    assertEquals(
        List.of("--dependency=" + text, "--kill-on-invalid-dep=yes"),
        SlurmRequest.start(JobStart.first(wish("", text))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"afterok", "1", "afterok:1;x", "afterok:$(x)", "singleton,", "never:1"})
  void otherDependenciesAreRefused(String text) {
    assertThrows(ConfigurationException.class, () -> check(SLURM, wish("", text)));
  }

  @ParameterizedTest
  @CsvSource({"4711, 4711", "afterany:4711:12, '4711,12'", "'4711,12', '4711,12'"})
  void oarWaitsForAnyEnd(String text, String ids) {
    check(OAR, wish("", text));
    assertEquals(
        "-a " + ids.replace(",", " -a "),
        String.join(" ", OarRequest.start(JobStart.first(wish("", text)))));
  }

  @Test
  void oarKnowsNoAfterok() {
    assertThrows(ConfigurationException.class, () -> check(OAR, wish("", "afterok:4711")));
  }

  @ParameterizedTest
  @CsvSource({"2026-12-24T20:00, 2026-12-24 20:00:00", "2026-12-24 20:00:30, 2026-12-24 20:00:30"})
  void oarIsToldATimeInItsForm(String begin, String told) {
    check(OAR, wish(begin, ""));
    assertEquals(List.of("-r", told), OarRequest.start(JobStart.first(wish(begin, ""))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"20:00", "now+1hour", "2026-12-24", "x; y"})
  void oarKnowsNoOtherTimes(String begin) {
    assertThrows(ConfigurationException.class, () -> check(OAR, wish(begin, "")));
  }

  @Test
  void slurmKnowsManyTimes() {
    for (String begin : List.of("20:00", "now+1hour", "01/20/26", "teatime", "2026-12-24T20:00")) {
      assertDoesNotThrow(() -> check(SLURM, wish(begin, "")));
    }
    assertThrows(ConfigurationException.class, () -> check(SLURM, wish("now; x", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "'', mail:kim@x.org",
    "END, [END]mail:kim@x.org",
    "'BEGIN,FAIL', '[RUNNING,ERROR]mail:kim@x.org'",
    "'END,ALL', mail:kim@x.org"
  })
  void oarTellsByMailInItsWords(String types, String notice) {
    JobRequest request = mail("kim@x.org", types);
    check(OAR, request);
    assertEquals(notice, OarRequest.notice(request));
  }

  @Test
  void oarSendsNoMailToNobodyAndOfNothingElse() {
    assertThrows(ConfigurationException.class, () -> check(OAR, mail("", "END")));
    assertThrows(ConfigurationException.class, () -> check(OAR, mail("kim", "TIME_LIMIT")));
  }

  @Test
  void bestEffortReservesNoTimeOnOar() {
    JobTerms idle = SampleJobs.with(SampleJobs.idleGpu(), 0, wish("2026-12-24T20:00", ""));
    assertThrows(ConfigurationException.class, () -> OAR.check(idle));
  }

  /** A time limit, a preemption: the same job begins again, and must not wait once more. */
  @Test
  void whatHoldsForTheFirstStartStandsInNoScript() {
    JobTerms terms = SampleJobs.with(SampleJobs.plain(), 0, SampleJobs.request());
    for (BatchSystem batch : List.of(SLURM, OAR)) {
      String text = batch.text(SampleJobs.single("train", terms));
      assertTrue(!text.contains("2026-12-24") && !text.contains("4711"), text);
    }
  }

  @Test
  void aJobOfAnArrayWaitsForItsOwnOneAndForTheWholeOfTheArrayBefore() {
    SubmittedJob task =
        new SubmittedJob("slurm", "train", "7_0", "7", 0, null, "kim", "/s", Instant.EPOCH, null);
    String either = "--dependency=%s:7";
    assertEquals(
        either.formatted("aftercorr"),
        SlurmRequest.start(JobStart.afterSuccess(List.of(task))).get(0));
    assertEquals(
        either.formatted("afterany"), SlurmRequest.start(JobStart.afterEnd(List.of(task))).get(0));
  }

  private static void check(BatchSystem batch, JobRequest request) {
    batch.check(SampleJobs.with(SampleJobs.plain(), 0, request));
  }

  private static JobRequest wish(String begin, String dependency) {
    return new JobRequest("", "", "", List.of(), begin, dependency, List.of());
  }

  private static JobRequest mail(String user, String types) {
    List<String> words = types.isEmpty() ? List.of() : List.of(types.split(","));
    return new JobRequest("", "", user, words, "", "", List.of());
  }
}
