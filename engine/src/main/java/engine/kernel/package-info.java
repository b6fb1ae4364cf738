/**
 * What a backend computes, without saying how: one method per kernel, its arguments in a record,
 * shapes and formula in their comments. {@link engine.kernel.Backends} opens one; a probe asks it
 * first whether it keeps the numeric contract (docs/numerics.md).
 */
package engine.kernel;
