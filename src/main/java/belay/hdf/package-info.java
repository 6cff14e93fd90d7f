/**
 * HDF5 files that explain and check themselves; the only package that uses jhdf.
 *
 * <p>A file is the data of its datasets one after another, then all object headers as one block,
 * then a {@link belay.hdf.Seal} over superblock and headers. Inside, the dataset {@code /manifest}
 * lists the SHA-256 of every dataset and attribute, so that any HDF5 library can check the content.
 */
package belay.hdf;
