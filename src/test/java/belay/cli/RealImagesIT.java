package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.RealImages;
import belay.hdf.ForeignReader;
import belay.svm.SvmFile;
import belay.view.ConfusionMatrix;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way with real images, through the jar; skipped where there are none. */
class RealImagesIT {
  private static final List<String> FILES =
      List.of("run/checkpoints/ckpt-0003.h5", "run/features.h5", "run/svm.h5");

  @TempDir static Path directory;

  @BeforeAll
  static void trainExtractAndClassify() throws Exception {
    String images = RealImages.require().toAbsolutePath().toString();
    run("train", "--conf", "demo", "--set", "train.epochs=3", "--set", "data.dir=" + images);
    run("extract");
    run("classify");
  }

  private static void run(String stage, String... more) throws Exception {
    String[] arguments = new String[3 + more.length];
    arguments[0] = stage;
    arguments[1] = "--run";
    arguments[2] = "run";
    System.arraycopy(more, 0, arguments, 3, more.length);
    Jar jar = Jar.run(directory, arguments);
    assertEquals(0, jar.exitCode(), jar.output());
  }

  /** Chance is 10 %, this small network in 3 epochs reaches 49 %. */
  @Test
  void theClassifierIsFarBetterThanChance() {
    SvmFile.Judgement test = SvmFile.readJudgement(directory.resolve("run/svm.h5"));
    List<String> names = Collections.nCopies(10, "class");
    double accuracy = ConfusionMatrix.of(names, test.labels(), test.predictions()).accuracy();
    assertTrue(accuracy > 0.42, "accuracy " + accuracy);
  }

  @Test
  void h5pyFindsEveryDigestRight() {
    for (String file : FILES) {
      String verified = ForeignReader.verify(directory.resolve(file));
      assertTrue(verified.contains("verified"), verified);
    }
  }

  @Test
  void h5dumpAndH5lsReadEveryFile() {
    for (String file : FILES) {
      String path = directory.resolve(file).toString();
      assertTrue(ForeignReader.h5dump("-A", path).contains("manifest"));
      assertTrue(ForeignReader.h5ls("-r", path).contains("/manifest"));
    }
  }

  @Test
  void h5pySeesTheLabelsThatTheClassifierSaw() {
    String features =
        ForeignReader.h5py(
            directory.resolve("run/features.h5"), "print(list(f['/test/labels'][:20]))");
    String svm =
        ForeignReader.h5py(directory.resolve("run/svm.h5"), "print(list(f['/test/labels'][:20]))");
    assertEquals(features, svm);
  }
}
