/** Pictures as people keep them, made into the planes of bytes that image sets hold. */
package belay.data.picture;
