/**
 * One attempt at the stages of a run: train, extract, classify, and all of them as a pipeline, with
 * the device, the images, the keys and the provenance that they share.
 */
package belay.run;
