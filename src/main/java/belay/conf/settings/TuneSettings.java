package belay.conf.settings;

/**
 * How long belay tune looks.
 *
 * @param overfitBatches minibatches that the network is to learn by heart
 * @param overfitPasses over them at most
 * @param rangeSteps steps from the lowest rate to the highest
 * @param coarseEpochs of a trial of the coarse grid
 * @param fineEpochs of a trial of the fine grid
 */
public record TuneSettings(
    int overfitBatches, int overfitPasses, int rangeSteps, int coarseEpochs, int fineEpochs) {
  static TuneSettings of(Values values) {
    return new TuneSettings(
        values.get(Keys.TUNE_OVERFIT_BATCHES),
        values.get(Keys.TUNE_OVERFIT_PASSES),
        values.get(Keys.TUNE_RANGE_STEPS),
        values.get(Keys.TUNE_COARSE_EPOCHS),
        values.get(Keys.TUNE_FINE_EPOCHS));
  }
}
