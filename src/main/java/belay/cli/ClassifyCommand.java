package belay.cli;

import belay.cli.option.RunOption;
import belay.run.ClassifyStage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains and judges the classifier. */
@Command(
    name = "classify",
    description = {
      "Trains an SVM on the features of the training images, predicts the test images, prints the"
          + " confusion matrix and writes RUN/svm.h5.",
      ""
    })
final class ClassifyCommand implements Callable<Integer> {
  @Mixin private RunOption run;

  @Override
  public Integer call() {
    run.mustExist().execute("classify", ClassifyStage::runAlone);
    return 0;
  }
}
