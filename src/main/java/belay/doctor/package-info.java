/** Whether a device computes what the reference backend and sums in double do. */
package belay.doctor;
