package belay.run;

import belay.backend.ParameterGroups;
import belay.conf.settings.TrainSettings;
import belay.error.ConfigurationException;
import belay.net.Network;
import belay.net.Parameter;
import java.util.List;
import java.util.stream.Collectors;

/** Whether parameters can be treated apart as the settings say. */
record GroupCheck(Network network, TrainSettings train) {
  private static final int SHOWN = 8;

  /**
   * @throws ConfigurationException if the rule treats all alike, a name fits no parameter, or none
   *     is left to train
   */
  void refuse() {
    ParameterGroups groups = Translation.groups(train);
    if (groups.isNone()) {
      return;
    }
    if (!Translation.rule(train.update()).takesGroups()) {
      throw new ConfigurationException(
          "train.freeze, train.learning-rates and train.weight-decays want train.optimizer to be sgd, adam, adamw or muon");
    }
    groups.patterns().forEach(this::refuseStranger);
    if (parameters().stream().allMatch(groups::isFrozenForGood)) {
      throw new ConfigurationException(
          "train.freeze leaves no parameter to train; name fewer, or some epochs with @FIRST-LAST");
    }
  }

  private List<Parameter> parameters() {
    return network.program().parameters();
  }

  private void refuseStranger(ParameterGroups.Pattern pattern) {
    if (parameters().stream().noneMatch(pattern::fits)) {
      String some =
          parameters().stream().limit(SHOWN).map(Parameter::name).collect(Collectors.joining(", "));
      throw new ConfigurationException(
          "No parameter of the network %s is called %s (train.freeze, train.learning-rates, train.weight-decays); they are %s%s"
              .formatted(
                  network.name(), pattern.text(), some, parameters().size() > SHOWN ? ", .." : ""));
    }
  }
}
