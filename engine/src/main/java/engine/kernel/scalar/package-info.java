/**
 * The definition of every kernel: plain loops whose class comments state the order of every
 * rounding. All other backends have these bits. Not exported: callers meet {@link
 * engine.kernel.Kernels}.
 */
package engine.kernel.scalar;
