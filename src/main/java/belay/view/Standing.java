package belay.view;

import java.time.Instant;

/**
 * How far a run is.
 *
 * @param outcome of the latest attempt
 * @param stage that it works or worked on
 * @param epoch finished epochs
 * @param epochs planned
 * @param step optimiser steps
 * @param updated last sign of life
 * @param message one line, may be empty
 */
public record Standing(
    Outcome outcome,
    String stage,
    int epoch,
    int epochs,
    long step,
    Instant updated,
    String message) {}
