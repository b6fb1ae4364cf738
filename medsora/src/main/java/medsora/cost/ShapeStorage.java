package medsora.cost;

import engine.tensor.MemoryScope;
import engine.tensor.MemoryWatch;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Memory that exists as a number only; it reads as zeros. Knows the module that wrote it. */
final class ShapeStorage extends Storage {
  private final int size;
  private @Nullable MemoryWatch watch;
  private @Nullable String writer;
  private boolean released;

  private ShapeStorage(int size) {
    this.size = size;
  }

  /** What a kernel's allocation is: memory of the current scope, watched as any other. */
  static ShapeStorage allocate(int size) {
    ShapeStorage storage = new ShapeStorage(size);
    storage.watch = MemoryScope.register(storage);
    return storage;
  }

  static Tensor tensor(int... dims) {
    Shape shape = Shape.of(dims);
    return new Tensor(shape, new ShapeStorage(shape.size()));
  }

  /** The path of the module that wrote it first, or null. */
  @Nullable String writer() {
    return writer;
  }

  /** Keeps the first; null is none. */
  void writtenBy(@Nullable String module) {
    if (writer == null) {
      writer = module;
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void read(float[] target) {
    Arrays.fill(target, 0, size, 0f);
  }

  @Override
  public void write(float[] source) {}

  @Override
  public void release() {
    if (watch != null && !released) {
      watch.gave(this);
    }
    released = true;
  }

  @Override
  public boolean isReleased() {
    return released;
  }
}
