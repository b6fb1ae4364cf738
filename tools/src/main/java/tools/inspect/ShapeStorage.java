package tools.inspect;

import engine.tensor.MemoryScope;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.Arrays;

/** Memory that exists as a number only; it reads as zeros. Knows the module that wrote it. */
final class ShapeStorage extends Storage {
  private final int size;
  private final MemoryMeter meter;
  private String writer;
  private boolean released;

  ShapeStorage(int size) {
    this(size, null);
  }

  /** Memory whose beginning and end a meter is told; it belongs to the current scope. */
  ShapeStorage(int size, MemoryMeter meter) {
    this.size = size;
    this.meter = meter;
    if (meter != null) {
      meter.took(size);
      MemoryScope.register(this);
    }
  }

  static Tensor tensor(int... dims) {
    Shape shape = Shape.of(dims);
    return new Tensor(shape, new ShapeStorage(shape.size()));
  }

  /** The path of the module that wrote it first, or null. */
  String writer() {
    return writer;
  }

  void writtenBy(String module) {
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
    if (meter != null && !released) {
      released = true;
      meter.gave(size);
    }
  }

  @Override
  public boolean isReleased() {
    return released;
  }
}
