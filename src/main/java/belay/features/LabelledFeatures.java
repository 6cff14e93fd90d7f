package belay.features;

import belay.backend.FloatMatrix;

/**
 * Features of some images and their classes.
 *
 * @param features [n, features], unitless activations
 * @param labels class of each image [n]
 */
public record LabelledFeatures(FloatMatrix features, int[] labels) {}
