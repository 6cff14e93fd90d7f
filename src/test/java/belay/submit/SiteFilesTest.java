package belay.submit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.cli.option.SiteOptions;
import belay.cluster.JobTerms;
import belay.conf.Configuration;
import belay.conf.ConfigurationSources;
import belay.conf.settings.ClusterSettings;
import belay.conf.settings.Settings;
import belay.error.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of conf/site, and what jobs they make. */
class SiteFilesTest {
  static List<String> sites() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("conf/site"))) {
      return files.map(file -> file.getFileName().toString().replace(".properties", "")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void everySiteMakesJobsForEachOfItsGpus(String site) {
    List<String> models = new ArrayList<>(settings(site).cluster().resources().gpus().keySet());
    models.add("any");
    for (String model : models) {
      terms(site, "cluster.gpu=" + model, "cluster.account=kim");
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void everySiteNamesItsScheduler(String site) {
    assertTrue(settings(site).cluster().scheduler() != ClusterSettings.SchedulerName.AUTO);
  }

  @Test
  void bigfootAsksForAModelAndTheProject() {
    JobTerms terms =
        terms(
            "gricad-bigfoot",
            "cluster.gpu=a100",
            "cluster.account=pr-x",
            "cluster.besteffort=true");
    assertEquals("gpumodel='A100'", terms.properties());
    assertEquals("/nodes=1/gpu=1", terms.resources());
    assertEquals(0, terms.warningSeconds()); // OAR 3 and best-effort
  }

  @Test
  void severalModelsWillDoOnOar() {
    JobTerms terms =
        terms(
            "gricad-bigfoot",
            "cluster.gpu=a100, v100",
            "cluster.account=pr-x",
            "cluster.properties=mem > 64");
    assertEquals("(mem > 64) AND (gpumodel='A100' OR gpumodel='V100')", terms.properties());
  }

  @Test
  void discoveryAsksForAModelByGres() {
    JobTerms terms = terms("carc-discovery", "cluster.gpu=v100", "cluster.account=kim_1");
    assertEquals("gpu:v100:1", terms.gres());
    assertEquals("gpu", terms.partition());
    assertEquals("gpu:1", terms("carc-discovery", "cluster.account=kim_1").gres());
  }

  @Test
  void aJobWithoutGpuAsksForProcessors() {
    JobTerms terms = terms("generic-oar", "cluster.cpus=8", "cluster.gpu=none");
    assertEquals("/nodes=1/core=8", terms.resources());
    assertEquals("", terms("generic-slurm", "backend=cpu").gres());
  }

  @Test
  void saysWhatAJobMayNotDoWithoutOrLongerThan() {
    assertEquals(
        "This site wants a project for every job: give --project NAME, or set cluster.account",
        refusal("gricad-luke"));
    assertEquals(
        "This site wants an account for every job: give --account NAME, or set cluster.account",
        refusal("carc-discovery"));
    assertEquals(
        "cluster.walltime (--time) = 49:00:00 is longer than the site allows:"
            + " cluster.walltime-max = 48:00:00",
        refusal("gricad-luke", "cluster.account=x", "cluster.walltime=2-01:00:00"));
    assertEquals(
        "cluster.gpu (--gpu) = t4 is not at this site: one of k40m, k20m, or any",
        refusal("gricad-luke", "cluster.account=x", "cluster.gpu=t4"));
    assertEquals(
        "--besteffort needs to know where jobs may be preempted: set cluster.besteffort-partition"
            + " or cluster.besteffort-qos",
        refusal("generic-slurm", "cluster.besteffort=true", "backend=cpu"));
    assertEquals(
        "Slurm takes one model in --gres: give --gpu one of [a100, v100], or any",
        refusal("generic-slurm", "cluster.gpu=a100,v100"));
  }

  @Test
  void genericSitesAskForAnAnswerAboutGpus() {
    for (String site : List.of("generic-slurm", "generic-oar")) {
      assertEquals(
          "Which GPU? Give --gpu MODEL, --gpu any, or --gpu none for processors alone",
          refusal(site));
      assertEquals("", terms(site, "cluster.gpu=none").gres());
      assertEquals("", terms(site, "backend=reference").gres());
    }
  }

  @Test
  void saysEverythingThatDoesNotFitAtOnce() {
    String all =
        refusal(
            "gricad-luke", "cluster.gpu=t4", "cluster.walltime=49:00:00", "cluster.exclude=n[1-3]");
    assertTrue(all.startsWith("4 problems: This site wants a project"), all);
    assertTrue(all.contains("49:00:00 is longer"), all);
    assertTrue(all.contains("t4 is not at this site"), all);
    assertTrue(all.contains("OAR knows no ranges"), all);
  }

  @Test
  void whatIsAskedOfNodesIsAddedToTheGpu() throws IOException {
    assertEquals(
        "(nvlink|ib)&(v100-16g|v100-32g)",
        terms(
                "generic-slurm",
                "cluster.gpu=v100,v100l",
                "cluster.gpus=v100=v100-16g,v100l=v100-32g",
                "cluster.gpu-constraint={gpu}",
                "cluster.constraint=nvlink|ib")
            .constraint());
  }

  private static String refusal(String site, String... assignments) {
    return assertThrows(ConfigurationException.class, () -> terms(site, assignments)).getMessage();
  }

  private static JobTerms terms(String site, String... assignments) {
    Settings settings = settings(site, assignments);
    Objections objections = new Objections();
    Site where = new SiteOptions().of(settings.cluster(), objections);
    JobTerms terms = JobTranslation.terms(settings, where.batch(), where.request(), 0, objections);
    objections.raise();
    return terms;
  }

  private static Settings settings(String site, String... assignments) {
    return Configuration.load(
            ConfigurationSources.of(Map.of()).withSite(site).withSet(List.of(assignments)))
        .settings();
  }
}
