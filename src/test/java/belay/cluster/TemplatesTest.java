package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The job files as users edit and submit them. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TemplatesTest {
  private static final List<String> STAGES = List.of("train", "extract", "classify", "pipeline");
  private static final List<String> SLURM =
      List.of("slurm/train.sbatch", "slurm/array.sbatch", "ondemand/job.sh");
  private static final List<String> OAR = List.of("oar/train.sh", "oar/array.sh");
  private static final Path JOBS = Path.of("jobs").toAbsolutePath();

  @TempDir private Path directory;

  /** What a reader need not compare. */
  @ParameterizedTest
  @CsvSource({"slurm, .sbatch", "oar, .sh"})
  void differInNothingButTheirStage(String scheduler, String suffix) throws IOException {
    String array = common(scheduler, "array", suffix);
    for (String stage : STAGES) {
      String text = common(scheduler, stage, suffix);
      assertEquals(common(scheduler, "train", suffix), text);
      int end = text.indexOf("# shellcheck source");
      String shared = end < 0 ? text.substring(0, text.indexOf("exec ")) : text.substring(0, end);
      assertTrue(array.startsWith(shared), array);
    }
  }

  /** It would wait for ever for a job that failed. */
  @Test
  void ofSlurmEndWhenTheJobBeforeFailed() throws IOException {
    String text = Files.readString(JOBS.resolve("slurm/train.sbatch"));
    assertTrue(text.contains("\n#SBATCH --kill-on-invalid-dep=yes\n"), text);
  }

  /** Without the words about the stage, its memory and its time. */
  private static String common(String scheduler, String stage, String suffix) throws IOException {
    String text = Files.readString(JOBS.resolve(scheduler).resolve(stage + suffix));
    boolean isArray = stage.equals("array");
    return text.substring(text.indexOf(scheduler.equals("slurm") ? "#SBATCH" : "#OAR"))
        .replace(isArray ? "attempt.sh STAGE" : "attempt.sh " + stage, "attempt.sh X")
        .replace("attempt.sh\" " + stage + " ", "attempt.sh\" X ")
        .replace("belay-" + stage, "belay-X")
        .replace(isArray ? "STAGE LIST" : "RUN [BELAY OPTIONS...]", "WORDS")
        .replaceAll("--array(=1-N| N) ", "")
        .replace("%A_%a", "%j")
        .replaceAll("--mem=.*", "--mem=")
        .replaceAll("(--time=|walltime=).*", "$1");
  }

  @Test
  void haveALineForEachGpuOfTheSites() throws IOException {
    for (Map.Entry<String, Properties> site : sites().entrySet()) {
      Properties keys = site.getValue();
      boolean isOar = keys.getProperty("cluster.scheduler").equals("oar");
      String line =
          isOar
              ? "\n##OAR -p " + keys.getProperty("cluster.gpu-properties") + "\n"
              : "\n##SBATCH --gres=" + keys.getProperty("cluster.gpu-gres") + "\n";
      for (String gpu : keys.getProperty("cluster.gpus", "").split(", *")) {
        String wanted = line.replace("{gpu}", gpu.replaceAll(".*=", ""));
        for (String file : isOar ? OAR : SLURM) {
          boolean isThere = gpu.isEmpty() || Files.readString(JOBS.resolve(file)).contains(wanted);
          assertTrue(isThere, () -> site.getKey() + ": " + file + " lacks" + wanted);
        }
      }
    }
  }

  /**
   * Which is not the same everywhere: the file has a line for either, and says where which holds.
   */
  @Test
  void askOarForAGpuAsTheSitesDo() throws IOException {
    String text = Files.readString(JOBS.resolve("oar/train.sh"));
    Matcher said = Pattern.compile("a gpudevice on (.*), and a gpu on (.*)\n").matcher(text);
    assertTrue(said.find(), text);
    Map<String, Properties> sites = sites();
    sites.values().removeIf(keys -> !keys.getProperty("cluster.scheduler").equals("oar"));
    assertEquals(3, sites.size());
    sites.forEach(
        (name, keys) -> {
          String resources = keys.getProperty("cluster.gpu-resources");
          boolean isDefault = resources.equals("/nodes=1/gpudevice=1");
          String line = (isDefault ? "\n#OAR" : "\n##OAR") + " -l " + resources + ",walltime=";
          assertTrue(text.contains(line), line);
          String place = name.replace("gricad-", "");
          assertTrue(said.group(isDefault ? 1 : 2).toLowerCase(Locale.ROOT).contains(place), place);
        });
    assertEquals("true", sites.get("gricad-luke").getProperty("cluster.besteffort-warning"));
    assertEquals("false", sites.get("gricad-bigfoot").getProperty("cluster.besteffort-warning"));
  }

  private static Map<String, Properties> sites() throws IOException {
    Map<String, Properties> sites = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of("conf/site"))) {
      for (Path file : files.toList()) {
        Properties keys = new Properties();
        keys.load(new StringReader(Files.readString(file)));
        sites.put(file.getFileName().toString().replace(".properties", ""), keys);
      }
    }
    return sites;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slurm/train.sbatch",
        "slurm/array.sbatch",
        "oar/classify.sh",
        "oar/array.sh",
        "ondemand/job.sh"
      })
  void sayHowToSubmitThemWhereTheyAreStartedByHand(String file) throws Exception {
    String path = JOBS.resolve(file).toString();
    String said = bash(2, Map.of(), path, "run");
    assertTrue(said.matches("(?s).* is for a job: (sbatch|oarsub -S) .*"), said);
    assertTrue(said.contains(path), said);
  }

  /** As Slurm does it: from a copy in its spool, in the directory of submission. */
  @ParameterizedTest
  @CsvSource({
    "'echo \"   Command=$PREFIX/jobs/slurm/train.sbatch run /x/jobs/y\"', nowhere",
    "'echo \"   Command=prefix x/jobs/slurm/mine.sbatch run\"', .", // after sbatch --chdir
    "'[[ -e asked ]] || { >asked; exit 1; }; echo \" Command=$PREFIX/jobs/slurm/train.sbatch\"', .",
    "exit 1, prefix x",
    "'echo \"   Command=/home/me/mine.sbatch run\"', prefix x",
  })
  void findTheirHome(String scontrol, String submitted) throws Exception {
    Path prefix = Files.createDirectories(directory.resolve("prefix x/jobs")).getParent();
    Files.writeString(prefix.resolve("jobs/attempt.sh"), "echo \"attempt $*\"; exit 0\n");
    command("scontrol", scontrol);
    command("sleep", "true");
    Path from = Files.createDirectories(directory.resolve(submitted));
    Map<String, String> job =
        Map.of("PREFIX", prefix.toString(), "SLURM_SUBMIT_DIR", from.toString() + "/sub/..");
    Files.createDirectories(from.resolve("sub"));
    assertEquals("attempt train run\n", bash(0, slurm(job), spooled(), "run"));
  }

  /** Somebody may have put it there, in a directory that a group shares. */
  @Test
  void runNothingThatOthersMayHaveWritten() throws Exception {
    command("scontrol", "exit 1");
    command("sleep", "true");
    Path body = Files.createDirectories(directory.resolve("shared/jobs")).resolve("attempt.sh");
    Files.writeString(body, "echo evil; exit 0\n");
    Files.setPosixFilePermissions(body, PosixFilePermissions.fromString("rw-rw-r--"));
    Map<String, String> job = Map.of("SLURM_SUBMIT_DIR", directory.resolve("shared").toString());
    String said = bash(3, slurm(job), spooled(), "run");
    assertTrue(said.contains("attempt.sh was not found"), said);
  }

  @Test
  void nameBelayHomeWhereTheyCannotFindIt() throws Exception {
    command("scontrol", "exit 1");
    command("sleep", "true");
    Map<String, String> job = Map.of("SLURM_SUBMIT_DIR", directory.toString());
    String said = bash(3, slurm(job), spooled(), "run");
    assertTrue(said.contains("attempt.sh was not found: export BELAY_HOME"), said);
  }

  @Test
  void workFromTheirOwnPlaceInAnAllocation() throws Exception {
    command("scontrol", "echo '   Command=(null)'");
    Map<String, String> job = Map.of("SLURM_SUBMIT_DIR", directory.toString());
    String said = bash(2, slurm(job), JOBS.resolve("slurm/train.sbatch").toString(), "--help");
    assertTrue(said.contains("usage: attempt.sh"), said);
  }

  private String spooled() throws IOException {
    Path spool = Files.createDirectories(directory.resolve("spool/job00001"));
    Path copy = spool.resolve("slurm_script");
    return Files.copy(JOBS.resolve("slurm/train.sbatch"), copy).toString();
  }

  private Map<String, String> slurm(Map<String, String> more) {
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("SLURM_JOB_ID", "7");
    environment.put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    return environment;
  }

  private void command(String name, String text) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path file = Files.writeString(bin.resolve(name), "#!/bin/bash\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private String bash(int code, Map<String, String> environment, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash"));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("(BELAY|SLURM|OAR)_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(code, process.waitFor(), said);
    return said;
  }
}
