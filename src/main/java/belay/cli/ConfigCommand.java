package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.cli.option.ConfigurationOptions;
import belay.conf.Configuration;
import belay.conf.KeyDescription;
import belay.conf.settings.Entry;
import belay.log.Secrets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the configuration. */
@Command(
    name = "config",
    description = {
      "Prints the effective value of every key and where it comes from, as a file that --conf reads.",
      ""
    })
final class ConfigCommand implements Callable<Integer> {
  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "As a command on this run would have it.")
  private Path run;

  @Option(names = "--keys", description = "Describe every key instead: default, range, meaning.")
  private boolean keys;

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    if (keys) {
      Configuration.describeKeys().forEach(ConfigCommand::print);
    } else {
      load().entries().values().forEach(ConfigCommand::print);
    }
    return 0;
  }

  private Configuration load() {
    return run == null ? options.load() : options.load(RunDirectory.at(run).properties());
  }

  private static void print(KeyDescription key) {
    System.out.printf(
        "%s%n    %s%n    default %s, environment %s%s%n",
        key.key(),
        key.comment(),
        key.defaultValue().isEmpty() ? "empty" : key.defaultValue(),
        key.environmentName(),
        key.isOfRun() ? "" : ", not remembered by runs");
  }

  private static void print(Entry entry) {
    System.out.printf("# %s%n%s = %s%n", entry.source(), entry.key(), Secrets.hide(entry.value()));
  }
}
