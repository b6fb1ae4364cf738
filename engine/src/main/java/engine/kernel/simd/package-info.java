/**
 * The vector twins of the scalar kernels, of equal bits at any width: lanes run across outputs,
 * never along a sum. The one package that needs {@code jdk.incubator.vector}. Not exported.
 */
package engine.kernel.simd;
