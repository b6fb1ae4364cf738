/** Sums and means over axes, in the order of the numeric contract (N4). */
package engine.op.reduce;
