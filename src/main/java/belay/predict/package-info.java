/** Classes of other images, by a run's encoder and classifier. */
package belay.predict;
