/**
 * The OpenCL backend: device memory, programs and one kernel for each method of {@link
 * engine.kernel.Kernels}, in the order of operations of the scalar twin. The only package that
 * knows JOCL.
 */
package engine.kernel.opencl;
