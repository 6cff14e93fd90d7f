package belay.report;

import java.time.Duration;

/**
 * One stage of a run in the diagram.
 *
 * @param name train, extract, classify ...
 * @param outcome of its latest attempt; NEW if there was none
 * @param attempts how many
 * @param busy time of all attempts together
 * @param product the file that it makes, with its size; the file's name alone if it is not there
 * @param isMade whether that file is there
 */
public record StageView(
    String name, Outcome outcome, int attempts, Duration busy, String product, boolean isMade) {}
