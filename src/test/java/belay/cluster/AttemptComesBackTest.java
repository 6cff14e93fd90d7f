package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a job of Slurm comes back, with small scripts for Slurm's commands; SlurmIT and
 * SlurmComesBackIT show it with Slurm itself.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttemptComesBackTest {
  private static final String BROKEN =
      "echo '2026-01-01T00:00:00Z ERROR Node n1 is broken: this job was given GPU 0'; exit 4";

  @TempDir private Path directory;
  private AttemptScript script;

  @BeforeEach
  void makeCommands() throws Exception {
    script = new AttemptScript(directory, "run");
    script.command("sbatch", "printf '<%s>' \"$@\" >>said; echo >>said; echo '8;somewhere'");
    script.command("squeue", "true");
    facts("Partition=normal");
  }

  /** What scontrol answers about the job; and a requeue sends TERM, as Slurm does. */
  private void facts(String facts) throws Exception {
    String text = "cat <<'END'\nJobId=7 JobName=x Reservation=spoofed\n   " + facts + "\nEND\n";
    String requeue = "if [[ $1 == requeue ]]; then kill -TERM $PPID; fi\n";
    script.command("scontrol", "echo \"$*\" >>said\n" + requeue + text);
  }

  private String said() throws Exception {
    return Files.readString(directory.resolve("said"));
  }

  private Process job(String java, String... variables) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", script.searchPath());
    environment.put("SLURM_JOB_ID", "7");
    environment.put("SLURM_JOB_NAME", "belay-train");
    environment.put("SLURMD_NODENAME", "n1");
    for (String variable : variables) {
      environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
    }
    return script.attempt(java, environment);
  }

  private static final String WARNED = "kill -USR1 $PPID; exec sleep 60";

  @Test
  void recordsTheJobThatTakesItsPlaceForStatusAndCancel() throws Exception {
    Process job =
        job(WARNED, "SLURM_ARRAY_JOB_ID=5", "SLURM_ARRAY_TASK_ID=2", "BELAY_REQUEUE=sbatch");
    assertEquals(99, job.waitFor());
    SubmittedJobs jobs = new SubmittedJobs(script.path());
    SubmittedJob next = jobs.read().get(0);
    assertEquals("8_2", next.job(), script.log());
    assertEquals("train", next.stage());
    assertTrue(next.isSuccessor());
    assertEquals(Instant.EPOCH, jobs.lastRequest()); // a limit on attempts goes on counting
    assertTrue(said().contains("<--array=2>"), said());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "Partition=a100 ! --partition=a100",
        "Account=pr-x QOS=low ! --qos=low",
        "TimeLimit=1-02:00:00 ! --time=1-02:00:00",
        "TresPerNode=gres:gpu:a100:1 ! --gres=gpu:a100:1",
        "TresPerNode=gres/gpu:1 ! --gres=gpu:1",
        "Partition=p ! --gres=none",
        "TresPerJob=gres:gpu:a100:1 ! --gpus=a100:1",
        "CPUs/Task=4 ! --cpus-per-task=4",
        "MinMemoryNode=2G ! --mem=2G",
        "MinMemoryCPU=512M ! --mem-per-cpu=512M",
        "MinMemoryNode=0 MemPerTres=gres:gpu:100 ! --mem-per-gpu=100",
        "Nice=-5 ! --nice=-5",
        "Comment=Partition=x | two  ! --comment=Partition=x | two",
        "ExcNodeList=n[1-2] ! --exclude=n[1-2]",
        "ReqNodeList=n3 ! --nodelist=n3",
        "Features=a|b ! --constraint=a|b",
        "MailType=END,FAIL ! --mail-type=END,FAIL",
        "MailUser=kim@x.org ! --mail-user=kim@x.org",
        "Reservation=r ! --reservation=r",
        "Licenses=m:1 ! --licenses=m:1",
        "OverSubscribe=NO ! --exclusive",
        "ReqB:S:C:T=0:0:*:1 ! --threads-per-core=1",
        "WorkDir=/a b ! --chdir=/a b",
        "StdOut=/a b/50%%.out ! --output=/a b/50%%.out",
      })
  void aJobInPlaceOfAnotherGetsWhatThatHad(String fact, String option) throws Exception {
    facts("Partition=normal\n   " + fact.replace(" QOS", "\n   QOS"));
    assertEquals(99, job(WARNED, "BELAY_REQUEUE=sbatch").waitFor());
    assertTrue(said().contains("<" + option + ">"), said());
    assertTrue(said().contains("<--job-name=belay-train>"), said());
    assertFalse(said().contains("spoofed>"), said());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CPU_max_freq=Low", "Socks/Node=1", "CoreSpec=1", "TresPerSocket=gres:gpu:1"})
  void noJobTakesThePlaceOfOneThatHasWhatNoOptionGives(String fact) throws Exception {
    facts("Partition=normal " + fact);
    assertEquals(99, job(WARNED, "BELAY_REQUEUE=sbatch").waitFor());
    assertTrue(script.output().contains("sbatch cannot give it " + fact), script.output());
    assertFalse(said().contains("--partition"), said());
  }

  @Test
  void noJobTakesItsPlaceWhereSlurmDoesNotAnswer() throws Exception {
    script.command("scontrol", "exit 1");
    assertEquals(99, job(WARNED, "BELAY_REQUEUE=sbatch").waitFor());
    assertTrue(script.output().contains("sbatch cannot give it anything"), script.output());
  }

  @Test
  void aJobOnANodeWithABrokenGpuComesBackWithoutTheNodeThreeTimes() throws Exception {
    facts("Partition=normal ExcNodeList=n7");
    for (String node : List.of("n1", "n2", "n3")) {
      assertEquals(99, job(BROKEN, "SLURMD_NODENAME=" + node).waitFor(), script.log());
      assertTrue(said().contains("update JobId=7 ExcNodeList=n7," + node), said());
    }
    assertEquals(List.of("n1", "n2", "n3"), lastExit().get("avoided"));
    assertEquals(4, job(BROKEN, "SLURMD_NODENAME=n4").waitFor(), script.log());
    assertFalse(said().contains("n7,n4"), said());
    assertEquals(List.of(), lastExit().get("avoided")); // and the next one begins anew
    assertTrue(lastExit().get("message").toString().startsWith("Node n1 is broken"));
  }

  @Test
  void workInBetweenBeginsTheCountAnew() throws Exception {
    assertEquals(99, job(BROKEN).waitFor());
    assertEquals(0, job("exit 0").waitFor());
    assertEquals(List.of(), lastExit().get("avoided"));
  }

  @Test
  void theJobThatTakesItsPlaceAvoidsTheNodeToo() throws Exception {
    assertEquals(99, job(BROKEN, "BELAY_REQUEUE=sbatch").waitFor(), script.log());
    assertTrue(said().contains("<--exclude=n1></dev/stdin>"), said());
  }

  @Test
  void staysWhereNoOtherNodeWillDoOrNobodyWantsItBack() throws Exception {
    assertEquals(4, job(BROKEN, "BELAY_REQUEUE=none").waitFor());
    script.command("sbatch", "echo 'allocation failure: Requested node is not available'; exit 1");
    assertEquals(4, job(BROKEN).waitFor());
    assertTrue(script.output().contains("No other node will do (Requested node"), script.output());
    assertFalse(said().contains("requeue"), said());
  }

  @Test
  void otherTroubleWithADeviceEndsTheJob() throws Exception {
    String java = "echo '2026-01-01T00:00:00Z ERROR The Java heap is too small'; exit 4";
    assertEquals(4, job(java).waitFor());
    assertFalse(Files.exists(directory.resolve("said")));
  }

  private Map<?, ?> lastExit() throws Exception {
    return Json.read(Files.readString(script.path().resolve("logs/last-exit.json")), Map.class);
  }
}
