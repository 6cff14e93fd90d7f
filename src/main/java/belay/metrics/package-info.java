/** What a run tells machines while it works: Prometheus, TensorBoard, MLPerf's tools. */
package belay.metrics;
