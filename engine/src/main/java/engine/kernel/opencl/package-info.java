/**
 * The OpenCL backend: device memory, programs and one kernel for each method of {@link
 * engine.kernel.Kernels}, in the order of operations of the scalar twin. The only package that
 * knows JOCL, an optional dependency: {@link engine.kernel.opencl.OpenClProvider} and {@link
 * engine.kernel.opencl.OpenClDevices} load without it and name it. What a device has of heap arrays
 * belongs to its context.
 */
package engine.kernel.opencl;
