/** Networks: their text form, their lowering to operations, their parameters and training state. */
package belay.net;
