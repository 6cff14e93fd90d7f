package belay.view;

import java.util.function.DoubleFunction;

/** A column of the epochs' table. */
public enum Measure {
  TRAIN_LOSS("train loss", Figures::loss),
  TEST_LOSS("test loss", Figures::loss),
  VALIDATION_LOSS("validation loss", Figures::loss),
  TRAIN_ACCURACY("train accuracy", Figures::percent),
  TEST_ACCURACY("test accuracy", Figures::percent),
  VALIDATION_ACCURACY("validation accuracy", Figures::percent),
  LIVE_FEATURES("live features", Figures::percent),
  LEARNING_RATE("learning rate", Figures::small),
  IMAGES_PER_SECOND("images/s", Figures::rate),
  SECONDS("training time", Figures::seconds),
  EVALUATION_SECONDS("evaluation time", Figures::seconds);

  private final String title;
  private final DoubleFunction<String> format;

  Measure(String title, DoubleFunction<String> format) {
    this.title = title;
    this.format = format;
  }

  public String title() {
    return title;
  }

  public String text(double value) {
    return format.apply(value);
  }
}
