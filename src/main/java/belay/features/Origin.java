package belay.features;

import belay.data.Dataset;
import belay.hdf.Sha256;
import belay.net.Network;

/**
 * What features are computed from; equal origins give equal features but for the rounding of
 * different devices.
 *
 * @param weights SHA-256 of the parameter vector
 * @param network digest of the network
 * @param data digest of the data set
 */
record Origin(String weights, String network, String data) {
  static Origin of(Network network, float[] weights, Dataset dataset) {
    return new Origin(Sha256.of(weights), network.digest(), dataset.digest());
  }
}
