/** Softmax and scaled dot-product attention, over all positions and within windows. */
package engine.op.attention;
