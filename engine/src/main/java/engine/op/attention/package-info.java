/** Softmax and scaled dot-product attention, over all positions and within windows. */
@NullMarked
package engine.op.attention;

import org.jspecify.annotations.NullMarked;
