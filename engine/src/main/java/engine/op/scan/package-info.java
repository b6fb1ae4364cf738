/** Mamba's causal convolution and selective scan (SSD), in chunks. */
@NullMarked
package engine.op.scan;

import org.jspecify.annotations.NullMarked;
