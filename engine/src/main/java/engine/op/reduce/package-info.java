/** Sums and means over axes, in the order of the numeric contract (N4). */
@NullMarked
package engine.op.reduce;

import org.jspecify.annotations.NullMarked;
