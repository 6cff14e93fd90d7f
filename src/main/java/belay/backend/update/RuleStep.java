package belay.backend.update;

/** What an update rule does to weights and to the slots that it holds. */
interface RuleStep {
  /**
   * @param weights the first of them are the parameters, which change
   * @param gradient clipped, of all parameters; may be overwritten
   * @param rate learning rate
   * @param step number of the step, from 1
   */
  void apply(float[] weights, float[] gradient, float rate, long step);
}
