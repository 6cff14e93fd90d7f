/**
 * What there is to show of runs: tables, figures and pictures, and the records of a run that the
 * report is made from.
 */
package belay.view;
