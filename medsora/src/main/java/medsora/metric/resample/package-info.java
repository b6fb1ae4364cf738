/**
 * Resizing as the published metric programs do it: PyTorch's, TensorFlow's and Pillow's, each to
 * its own rule, and the chains of their loaders.
 */
@NullMarked
package medsora.metric.resample;

import org.jspecify.annotations.NullMarked;
