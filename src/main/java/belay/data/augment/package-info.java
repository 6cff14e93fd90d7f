/** How training sees its images. */
package belay.data.augment;
