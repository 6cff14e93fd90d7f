package belay.cli;

import belay.cli.option.ConfigurationOptions;
import belay.conf.settings.DataSettings;
import belay.console.Logging;
import belay.data.CifarDownload;
import belay.job.StopSignals;
import belay.log.ProgressLine;
import belay.log.Secrets;
import belay.run.Inputs;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Downloads CIFAR-10. */
@Command(
    name = "fetch",
    description = {
      "Downloads the binary version of CIFAR-10 (162 MiB), checks its MD5 and unpacks it. The same"
          + " command continues a broken download.",
      ""
    })
final class FetchCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.data");

  @Parameters(paramLabel = "DIR", description = "Where to unpack; made if absent.")
  private Path directory;

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = MirrorAddress.class,
      description = "A mirror, instead of data.url.")
  private URI url;

  @Mixin private ConfigurationOptions configuration;

  /** Picocli's own message would show a password. */
  static final class MirrorAddress implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return new URI(text);
      } catch (URISyntaxException e) {
        throw new TypeConversionException(
            "%s is no address: %s".formatted(Secrets.hideAddress(text), e.getReason()));
      }
    }
  }

  @Override
  public Integer call() {
    DataSettings data = configuration.load().settings().data();
    Path home =
        new CifarDownload(
                url == null ? data.url() : url,
                data.md5(),
                directory,
                Inputs.layout(data),
                FetchCommand::tell,
                StopSignals::requested)
            .fetch();
    System.out.println("The images are in " + home + "; use them with --set data.dir=" + home);
    return 0;
  }

  private static void tell(long bytes, long total) {
    if (bytes == total) {
      Logging.endProgress();
      LOG.log(System.Logger.Level.INFO, text(bytes, total));
    } else {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}",
          new ProgressLine(bytes, Math.max(0, total), text(bytes, total)));
    }
  }

  private static String text(long bytes, long total) {
    String share =
        total > 0 ? " of %.1f MiB (%d%%)".formatted(mib(total), 100 * bytes / total) : "";
    return "downloaded=%.1f MiB".formatted(mib(bytes)) + share;
  }

  private static double mib(long bytes) {
    return bytes / 1048576.0;
  }
}
