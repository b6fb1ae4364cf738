/**
 * The contract between ops and who computes: {@link engine.kernel.Kernels} with one accessor for
 * each family of kernels and their arguments in records, {@link engine.kernel.Backends}, the one
 * place where a backend is chosen, and the probe, which asks it whether it keeps the numeric
 * contract ({@link engine.kernel.ProbeReport}). Backends are found as {@link
 * engine.kernel.BackendProvider}s, a user's own among them; this package knows none of them.
 *
 * <p>An {@link engine.kernel.Engine} owns what a backend computes with: worker threads, a pool of
 * heap memory and, on a device, its memory and programs. Closing it ends them. Several engines live
 * side by side in one process; who opens none computes on that of the process, which {@link
 * engine.kernel.Backends#current} opens at first use.
 *
 * <p>What is per process and not per engine:
 *
 * <ul>
 *   <li>the width of the vectors ({@link engine.kernel.SimdWidth}), for the compiler needs it as a
 *       constant;
 *   <li>the choice for those who open no engine ({@link engine.kernel.Backends#configure});
 *   <li>reports of probes, by backend;
 *   <li>the threads that JTransforms starts for transforms of 8192 elements and more.
 * </ul>
 */
@NullMarked
package engine.kernel;

import org.jspecify.annotations.NullMarked;
