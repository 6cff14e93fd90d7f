package belay.train;

import belay.backend.TrainSpec;
import belay.net.Network;

/**
 * What is trained on what.
 *
 * @param trainImages images of an epoch
 * @param testImages images that every epoch is judged by
 */
public record TrainTask(Network network, TrainSpec spec, int trainImages, int testImages) {}
