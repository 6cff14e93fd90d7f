/** Reads what runs have left in their directories, for tables and for the report. */
package belay.review;
