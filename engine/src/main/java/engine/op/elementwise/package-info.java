/** Ops that treat each element by itself, with NumPy's broadcasting where there are two tensors. */
package engine.op.elementwise;
