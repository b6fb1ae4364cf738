/** Ops that treat each element by itself, with NumPy's broadcasting where there are two tensors. */
@NullMarked
package engine.op.elementwise;

import org.jspecify.annotations.NullMarked;
