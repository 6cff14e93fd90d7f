/** Labelled images and the order in which training visits them. */
package belay.data;
