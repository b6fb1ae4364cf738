package engine.kernel;

import engine.tensor.Storage;

/** What moves values and does not compute; SIMD has nothing to add to it. */
public interface CopyKernels {
  /** y = x. */
  void copy(Storage x, Storage y, int n);

  /** x = value. */
  void fill(Storage x, float value, int n);

  /** A strided copy; elements of y outside the view stay as they are. */
  void strided(CopyArgs args, Storage x, Storage y);

  /** y = the rows of x that the index names, along one axis. */
  void gather(GatherArgs args, Storage x, Storage y);
}
