/** Tensors, reverse-mode autodiff and kernels; knows nothing of neural networks or video. */
package engine;
