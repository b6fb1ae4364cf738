/** Values of a module from and to named tensors, with every mismatch in one error. */
@NullMarked
package nn.io;

import org.jspecify.annotations.NullMarked;
