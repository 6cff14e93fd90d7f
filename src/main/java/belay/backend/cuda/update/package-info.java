/** The kernels of update rules, and the launches that an orthogonal update is made of. */
package belay.backend.cuda.update;
