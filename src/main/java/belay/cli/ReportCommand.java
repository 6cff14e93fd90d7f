package belay.cli;

import belay.backend.onednn.OnednnBackend;
import belay.cli.option.OptionRange;
import belay.cli.option.RunArguments;
import belay.job.StopSignals;
import belay.report.Report;
import belay.review.ReportSource;
import belay.run.Devices;
import belay.run.Version;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a page about runs. */
@Command(
    name = "report",
    description = {
      "Makes one HTML page about one or several runs: curves, attempts, pictures, the confusion"
          + " matrix, the network, and the commands that repeat them. It needs no network and no"
          + " server, may be made while the runs are at work, and changes nothing in them.",
      ""
    },
    footer = {
      "",
      "  belay report runs/ae1",
      "  belay report runs/* -o compare.html",
      "  belay report runs/ae1 --watch 30"
    })
final class ReportCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.report");
  private static final long LOOK_MILLISECONDS = 200;

  @Mixin private RunArguments runs;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The page, ${DEFAULT-VALUE} if not given.")
  private Path output = Path.of("report.html");

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      description =
          "Make the page again every so many seconds until stopped; it then reloads itself in the"
              + " browser.")
  private Integer seconds;

  @Override
  public Integer call() {
    if (seconds != null) {
      OptionRange.within(1, 86_400, "--watch", seconds);
    }
    boolean isFast = OnednnBackend.unavailable().isEmpty();
    ReportSource source = new ReportSource(runs.paths(), Devices::forLooking, isFast);
    write(source, seconds == null ? 0 : seconds);
    LOG.log(System.Logger.Level.INFO, "report=%s runs=%d".formatted(output, runs.paths().size()));
    if (seconds != null) {
      watch(source);
    }
    return 0;
  }

  private void watch(ReportSource source) {
    pause();
    while (!StopSignals.requested()) {
      write(source, seconds);
      pause();
    }
    write(source, 0); // which no browser reloads
  }

  private void write(ReportSource source, int reloadSeconds) {
    Report report = new Report(source.read(), Instant.now(), Version.text(), reloadSeconds);
    try {
      AtomicFile.write(output.toAbsolutePath(), report.html());
    } catch (IOException e) {
      throw DiskProblem.of("write", output, e);
    }
  }

  private void pause() {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    try {
      while (System.nanoTime() < end && !StopSignals.requested()) {
        Thread.sleep(LOOK_MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
