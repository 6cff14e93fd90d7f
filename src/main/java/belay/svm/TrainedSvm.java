package belay.svm;

import java.util.Optional;

/**
 * What a training ends with.
 *
 * @param model whose support vectors lie where they were trained, for as long as the trainer is
 *     open
 * @param selection how C and gamma were chosen, if there was a choice
 * @param judged training samples that the model was asked about, evenly spread
 * @param accuracy share of right answers on those
 * @param iterations of all problems of the model
 */
public record TrainedSvm(
    SvmModel model, Optional<Selection> selection, int judged, double accuracy, long iterations) {}
