/** What objectives are in plain Java, which defines them. */
package belay.backend.loss;
