package engine.tensor;

/** Stands for elements that were not kept or never existed; only their number is known. */
final class AbsentStorage extends Storage {
  private final int size;

  AbsentStorage(int size) {
    this.size = size;
  }

  private IllegalStateException fault() {
    return new IllegalStateException(
        "[storage] this tensor has a shape but no values: either an op reads in backward what it said"
            + " it does not, or the module was built as an outline");
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void read(float[] target) {
    throw fault();
  }

  @Override
  public void write(float[] source) {
    throw fault();
  }

  @Override
  public void release() {}

  @Override
  public boolean isReleased() {
    return true;
  }
}
