package belay.view;

/**
 * One stage of a run in the diagram.
 *
 * @param name train, extract, classify ...
 * @param outcome DONE if its file is there and of the present checkpoint, else that of its latest
 *     attempt; NEW if there was none
 * @param effort time and attempts in words, may be empty
 * @param product the file that it makes, with its size and, where it is not the present one, its
 *     checkpoint; the file's name alone if it is not there
 * @param isMade whether that file is there
 */
public record StageView(
    String name, Outcome outcome, String effort, String product, boolean isMade) {}
