package belay.cluster;

import belay.error.SchedulerException;
import belay.job.SchedulerCommand;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a job does before it starts java, done here and now by the job body itself: settings,
 * environment file, modules, the search for java.
 *
 * @param environment of this process
 * @param timeout of all that
 */
public record Rehearsal(BatchSystem batch, Map<String, String> environment, Duration timeout) {
  private static final String MODULES = "BELAY_MODULES";
  private static final String ENVIRONMENT = "BELAY_ENVIRONMENT";
  private static final Pattern ERROR = Pattern.compile(" ERROR job=\\S+ (.*)");
  private static final int MISSING = 3; // exit code of the job body without java

  /**
   * What went wrong.
   *
   * @param problem one line
   * @param isSure whether it will on the nodes too, as far as anybody can tell
   */
  public record Finding(String problem, boolean isSure) {}

  /**
   * Empty if all went well.
   *
   * @param run that the job is to work on
   * @param body as the job has it
   */
  public Optional<Finding> of(JobRun run, JobBody body) {
    try {
      Path directory = Files.createTempDirectory("belay-rehearsal");
      Path script = ProgramFile.pin(JobBody.ATTEMPT, directory);
      try {
        return judge(run, body, perform(run, body, script));
      } finally {
        Files.delete(script);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw DiskProblem.of("write into", Path.of(System.getProperty("java.io.tmpdir")), e);
    } catch (SchedulerException e) {
      return Optional.of(new Finding("Cannot rehearse a job: " + e.getMessage(), false));
    }
  }

  private SchedulerCommand.Answer perform(JobRun run, JobBody body, Path attempt) {
    Map<String, String> variables = new TreeMap<>(body.variables());
    if (!hasModules()) {
      variables.remove(MODULES);
    }
    JobBody here = new JobBody(body.directory(), attempt, null, variables);
    JobScript script = new JobScript("rehearse", List.of(run), null, here);
    List<String> words = new ArrayList<>();
    if (batch.name().equals("oar")) { // which passes no environment on
      words.addAll(List.of("env", "-i", "PATH=/usr/local/bin:/usr/bin:/bin"));
      Stream.of("HOME", "USER", "LOGNAME", "SHELL")
          .filter(environment::containsKey)
          .forEach(name -> words.add(name + "=" + environment.get(name)));
    }
    words.addAll(List.of("bash", "-s"));
    return new SchedulerCommand(words, body.directory(), timeout)
        .withInput(script.text(List.of(), "0"))
        .run();
  }

  private static Optional<Finding> judge(JobRun run, JobBody body, SchedulerCommand.Answer answer) {
    if (answer.exitCode() == 0) {
      return Optional.empty();
    }
    boolean loads =
        body.variables().containsKey(MODULES) || body.variables().containsKey(ENVIRONMENT);
    boolean isOpen =
        Files.exists(run.directory().resolve("job.env")) || loads && answer.exitCode() == MISSING;
    Matcher error = ERROR.matcher(answer.errors());
    return Optional.of(new Finding(error.find() ? error.group(1) : answer.line(), !isOpen));
  }

  /** Whether there are environment modules to ask; as the job body looks for them. */
  private boolean hasModules() {
    return environment.containsKey("BASH_FUNC_module%%")
        || Stream.of(
                environment.getOrDefault("LMOD_PKG", "/nowhere") + "/init/bash",
                environment.getOrDefault("MODULESHOME", "/nowhere") + "/init/bash",
                "/etc/profile.d/lmod.sh",
                "/etc/profile.d/modules.sh")
            .anyMatch(file -> Files.isReadable(Path.of(file)));
  }
}
