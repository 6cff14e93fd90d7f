/** Where a user's images lie: which format it is, and image sets from each. */
package belay.data.source;
