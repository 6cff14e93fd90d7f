package belay.backend;

import belay.net.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is otherwise for some parameters than for the rest: their rate, their decay, the epochs in
 * which they stay as they are. Of each list the first entry decides whose pattern fits the
 * parameter's name.
 *
 * @param rates what the step's learning rate is multiplied by; 1 for others
 * @param decays l2 in place of what {@link UpdateRule.Decay} says
 * @param frozen nothing of these parameters changes, nor what is kept for them; an average of the
 *     weights goes on
 */
public record ParameterGroups(List<Valued> rates, List<Valued> decays, List<Frozen> frozen) {
  public static final ParameterGroups NONE = new ParameterGroups(List.of(), List.of(), List.of());

  public ParameterGroups {
    rates = List.copyOf(rates);
    decays = List.copyOf(decays);
    frozen = List.copyOf(frozen);
  }

  /** A number for parameters. */
  public record Valued(Pattern of, float value) {}

  /**
   * When parameters are frozen.
   *
   * @param first epoch, from 1
   * @param last epoch; {@link Integer#MAX_VALUE} for every later one
   */
  public record Frozen(Pattern of, int first, int last) {
    public boolean isForGood() {
      return first <= 1 && last == Integer.MAX_VALUE;
    }

    public boolean covers(int epoch) {
      return first <= epoch && epoch <= last;
    }
  }

  /**
   * Names of parameters.
   *
   * @param text where * stands for any characters
   */
  public record Pattern(String text) {
    public boolean fits(Parameter parameter) {
      String[] literals = text.split("\\*", -1);
      StringBuilder expression = new StringBuilder();
      for (int i = 0; i < literals.length; i++) {
        expression.append(i == 0 ? "" : ".*").append(java.util.regex.Pattern.quote(literals[i]));
      }
      return parameter.name().matches(expression.toString());
    }
  }

  public boolean isNone() {
    return rates.isEmpty() && decays.isEmpty() && frozen.isEmpty();
  }

  /** All patterns, in order. */
  public Stream<Pattern> patterns() {
    return Stream.concat(
        Stream.concat(rates.stream(), decays.stream()).map(Valued::of),
        frozen.stream().map(Frozen::of));
  }

  /** What the learning rate is multiplied by. */
  public float rate(Parameter parameter) {
    return first(rates, parameter).orElse(1f);
  }

  /**
   * L2 of a parameter.
   *
   * @param usual where nothing else is said
   */
  public float l2(Parameter parameter, UpdateRule.Decay usual) {
    float general = usual.covers(parameter.role()) ? usual.l2() : 0;
    return first(decays, parameter).orElse(general);
  }

  private static Optional<Float> first(List<Valued> values, Parameter parameter) {
    return values.stream()
        .filter(value -> value.of().fits(parameter))
        .map(Valued::value)
        .findFirst();
  }

  /** When a parameter is frozen, if ever. */
  public Optional<Frozen> frozen(Parameter parameter) {
    return frozen.stream().filter(each -> each.of().fits(parameter)).findFirst();
  }

  /** Whether training never changes a parameter: its gradient counts as 0. */
  public boolean isFrozenForGood(Parameter parameter) {
    return frozen(parameter).filter(Frozen::isForGood).isPresent();
  }
}
