/** Event files as TensorBoard reads them. */
package tools.tensorboard;
