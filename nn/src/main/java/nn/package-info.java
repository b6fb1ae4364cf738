/**
 * Networks as trees of modules with named parameters and buffers. {@link nn.Module} gives the names
 * of PyTorch's state dict, in its order.
 */
@NullMarked
package nn;

import org.jspecify.annotations.NullMarked;
