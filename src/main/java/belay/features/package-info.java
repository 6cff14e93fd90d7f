/** Latent features of all images: extracted by an encoder, kept in one HDF5 file. */
package belay.features;
