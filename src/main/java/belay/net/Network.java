package belay.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as its file describes it, with every shape checked.
 *
 * @param name the file's name without .net
 * @param text the file as it was read; a checkpoint keeps it
 * @param lines in order of the file, without the input's
 * @param program the network lowered to operations
 */
public record Network(String name, String text, List<Line> lines, Program program) {
  public Network {
    lines = List.copyOf(lines);
  }

  /**
   * Reads the text form: one layer a line, comments from #.
   *
   * @throws belay.error.ConfigurationException naming file, line and expectation
   */
  public static Network parse(String name, String text) {
    return new NetworkParser(name, text).parse();
  }

  public Shape input() {
    return program.shape(0);
  }

  public Shape latent() {
    return program.shape(program.latent());
  }

  /** Classes that it tells apart; 0 where it reconstructs the image. */
  public int classes() {
    return program.classifies() ? program.shape(program.output()).channels() : 0;
  }

  /** Values that are trained, by the name of their line; lines without any are not there. */
  public Map<String, Integer> parametersByLine() {
    Map<String, Integer> counts = new HashMap<>();
    for (Operation operation : program.operations()) {
      operation.parameters().forEach(p -> counts.merge(operation.name(), p.size(), Integer::sum));
    }
    return counts;
  }

  /** Values that are trained: the first of the weights. */
  public int parameterCount() {
    return program.parameterCount();
  }

  /** Length of the weights: parameters, then statistics. */
  public int weightCount() {
    return program.weightCount();
  }

  /** Weights whose parameters are 0 and whose statistics are those before training. */
  public float[] untrainedWeights() {
    float[] weights = new float[weightCount()];
    for (Statistic statistic : program.statistics()) {
      Arrays.fill(weights, statistic.offset(), statistic.end(), statistic.initial());
    }
    return weights;
  }

  /**
   * The lines without comments and spacing: two networks are the same network if and only if these
   * are equal.
   */
  public String canonicalText() {
    return CanonicalText.of(this);
  }

  /** SHA-256 of the canonical text. */
  public String digest() {
    return Digest.sha256(canonicalText().getBytes(StandardCharsets.UTF_8));
  }
}
