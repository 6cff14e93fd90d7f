package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.cli.Jar;
import belay.error.ExitCode;
import belay.hdf.Hdf5Reader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The project's job files in a Slurm, one small run for all, and that run undisturbed. */
record SlurmJobs(SlurmLab slurm, Path directory, Path data, Path prefix, WatchedRun undisturbed)
    implements AutoCloseable {
  static final Path FILES = Path.of("jobs/slurm").toAbsolutePath();

  /**
   * @param site what differs from the lab's slurm.conf
   */
  static SlurmJobs start(Path directory, Map<String, String> site) throws Exception {
    assumeTrue(SlurmLab.isInstalled(), "needs Debian's slurmctld, slurmd, slurm-client and munge");
    Path data = directory.resolve("the data");
    jar(directory, List.of("sample", data.toString(), "--train", "128", "--test", "32"));
    WatchedRun undisturbed = new WatchedRun(directory.resolve("runs/undisturbed"));
    for (String stage : List.of("train", "extract", "classify")) {
      List<String> command =
          new ArrayList<>(List.of(stage, "--run", undisturbed.path().toString()));
      command.addAll(options(data, "cpu"));
      jar(directory, command);
    }
    Path prefix = install(directory); // before there is a Slurm that would have to be stopped
    SlurmLab slurm = SlurmLab.start(directory.resolve("slurm"), directory, site);
    return new SlurmJobs(slurm, directory, data, prefix, undisturbed);
  }

  private static void jar(Path directory, List<String> command) throws Exception {
    Jar jar = Jar.run(directory, command.toArray(String[]::new));
    assertEquals(0, jar.exitCode(), jar.output());
  }

  private static Path install(Path directory) throws Exception {
    Path prefix = directory.resolve("prefix");
    Process install =
        new ProcessBuilder("modules/install.sh", prefix.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("install.txt").toFile())
            .start();
    assertEquals(0, install.waitFor(), Files.readString(directory.resolve("install.txt")));
    return prefix;
  }

  /** Many short epochs, so that there is always one to be disturbed in. */
  private static List<String> options(Path data, String backend) {
    return List.of(
        "--backend",
        backend,
        "--conf",
        "demo",
        "--set",
        "data.dir=" + data,
        "--set",
        "train.epochs=20",
        "--set",
        "train.batch=16");
  }

  WatchedRun run(String name) {
    return new WatchedRun(directory.resolve("runs").resolve(name));
  }

  /** Submits the training of a run, from the source tree. */
  SlurmLab.Job train(WatchedRun run, Object... sbatch) {
    return submit(Map.of(), "train", run, sbatch);
  }

  /** The same on the best device that there is. */
  SlurmLab.Job trainOnBest(WatchedRun run, Object... sbatch) {
    return submit(Map.of(), "train", run, options(data, "auto"), sbatch);
  }

  SlurmLab.Job submit(
      Map<String, String> environment, String stage, WatchedRun run, Object... sbatch) {
    return submit(environment, stage, run, options(data, "cpu"), sbatch);
  }

  private SlurmLab.Job submit(
      Map<String, String> environment,
      String stage,
      WatchedRun run,
      List<String> options,
      Object... sbatch) {
    Path files = environment.containsKey("BELAY_HOME") ? prefix.resolve("jobs/slurm") : FILES;
    List<Object> arguments = new ArrayList<>(List.of("--cpus-per-task=1"));
    arguments.addAll(List.of(sbatch));
    arguments.addAll(List.of(files.resolve(stage + ".sbatch"), run.path()));
    arguments.addAll(options);
    return slurm.sbatch(environment, arguments.toArray());
  }

  /** What Slurm's own file of a job says. */
  String output(SlurmLab.Job job) {
    try {
      return Files.readString(Path.of(job.field("StdOut")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Trains by the installed command in an allocation of salloc. */
  String allocate(String node, WatchedRun run) {
    List<Object> words = new ArrayList<>(List.of("salloc", "-Q", "-w", node, "-n1", "-c1"));
    words.addAll(
        List.of(
            "sh",
            "-c",
            "\"$0\" \"$@\" 2>/dev/null; echo exit code $?",
            prefix.resolve("bin/belay")));
    words.addAll(List.of("train", "--run", run.path()));
    words.addAll(options(data, "cpu"));
    return slurm.run(Map.of(), words.toArray());
  }

  /** Stops the first attempt in the middle of training; a second process is refused then. */
  void hold(WatchedRun run) {
    run.hold(1);
    try {
      Jar second = Jar.run(directory, "train", "--run", run.path().toString());
      assertEquals(ExitCode.BUSY.code(), second.exitCode(), second.output());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Options of sbatch, for a job that begins when another one has succeeded. */
  Object[] after(SlurmLab.Job job, Object... sbatch) {
    List<Object> options = new ArrayList<>(List.of(sbatch));
    options.add("--dependency=afterok:" + job.id());
    return options.toArray();
  }

  /** Brings a node back that was declared lost, if it has not come by itself. */
  void resume(String node) {
    String resume = "scontrol update nodename=" + node + " state=resume 2>/dev/null || true";
    WatchedRun.await(
        "node " + node,
        () -> {
          slurm.run(Map.of(), "sh", "-c", resume);
          return !slurm.run(Map.of(), "sinfo", "-h", "-n", node, "-o", "%T").contains("down");
        });
  }

  /** A job of higher priority takes a whole node for a moment. */
  void occupy(String node) {
    slurm.sbatch("-p", "normal", "-w", node, "--exclusive", "-o", "/dev/null", "--wrap", "sleep 1");
  }

  /** The first attempt is told to stop, and the job comes back and completes the run. */
  void assertGoesOnAfter(String signal, WatchedRun run, SlurmLab.Job job) {
    run.awaitLog("signal=" + signal, 1);
    run.release(1);
    job.awaitState("COMPLETED");
    assertUndisturbed(run);
    run.assertReadsAsOneStory(2);
  }

  void assertUndisturbed(WatchedRun run) {
    run.assertSameBits(undisturbed);
    run.assertNobodyLeft();
  }

  void assertSameDatasets(WatchedRun run, String file) {
    assertEquals(digests(undisturbed.path().resolve(file)), digests(run.path().resolve(file)));
  }

  private static Map<String, String> digests(Path file) {
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      Map<String, String> digests = new TreeMap<>();
      reader.datasets().forEach(dataset -> digests.put(dataset, reader.sha256(dataset)));
      digests.remove("/manifest");
      return digests;
    }
  }

  @Override
  public void close() {
    slurm.close();
  }
}
