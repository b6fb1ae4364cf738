/**
 * Tensors, gradients and kernels. What computes (scalar, simd, opencl) and the reference formulas
 * are not exported: callers meet {@link engine.kernel.Kernels}. The vector module and JOCL may be
 * absent at run time; without them the scalar loops compute, with equal bits.
 */
module medsora.engine {
  requires java.management;
  requires jdk.management;
  requires static jdk.incubator.vector;
  requires static jocl;
  requires JTransforms;
  requires static org.jspecify;

  exports engine.autodiff;
  exports engine.io;
  exports engine.kernel;
  exports engine.numeric;
  exports engine.op.attention;
  exports engine.op.conv;
  exports engine.op.elementwise;
  exports engine.op.layout;
  exports engine.op.linalg;
  exports engine.op.norm;
  exports engine.op.random;
  exports engine.op.reduce;
  exports engine.op.resample;
  exports engine.op.scan;
  exports engine.op.spectral;
  exports engine.random;
  exports engine.ranks;
  exports engine.tensor;

  uses engine.kernel.BackendProvider;

  provides engine.kernel.BackendProvider with
      engine.kernel.scalar.ScalarProvider,
      engine.kernel.simd.SimdProvider,
      engine.kernel.opencl.OpenClProvider;
}
