/**
 * What is in the files of a run: as tables, beside one another, and back to where they came from.
 */
package belay.inspect;
