package engine.tensor;

import java.util.function.IntToDoubleFunction;

/**
 * A dense float32 array of any rank, row-major and contiguous: a {@link Shape} over a {@link
 * Storage}. A tensor is data alone; which op produced it is the tape's knowledge. Only leaves
 * (parameters) carry {@link #requiresGrad()}; their storage is the one thing in the engine that
 * changes after it was written, by an optimiser.
 */
public final class Tensor {
  private final Shape shape;
  private final Storage storage;
  private final boolean requiresGrad;
  private final Object identity = new Object();

  public Tensor(Shape shape, Storage storage) {
    this(shape, storage, false);
  }

  private Tensor(Shape shape, Storage storage, boolean requiresGrad) {
    ShapeException.require(
        shape.size() == storage.size(),
        "tensor",
        "shape %s wants %d elements, storage has %d",
        shape,
        shape.size(),
        storage.size());
    this.shape = shape;
    this.storage = storage;
    this.requiresGrad = requiresGrad;
  }

  /** A tensor over the given array, which it does not copy. */
  public static Tensor of(Shape shape, float... data) {
    return new Tensor(shape, HeapStorage.wrap(data));
  }

  /**
   * {@link #of} for weights that many calls share and nobody changes: kernels keep the form in
   * which they read them, at the price of its memory.
   */
  public static Tensor constant(Shape shape, float... data) {
    HeapStorage storage = HeapStorage.wrap(data);
    storage.keepForms();
    return new Tensor(shape, storage);
  }

  public static Tensor scalar(float value) {
    return of(Shape.SCALAR, value);
  }

  /** All zeros, outside the pool. */
  public static Tensor zeros(Shape shape) {
    return of(shape, new float[shape.size()]);
  }

  public static Tensor full(Shape shape, float value) {
    float[] data = new float[shape.size()];
    java.util.Arrays.fill(data, value);
    return of(shape, data);
  }

  /** Element i = (float) f(i), i the flat row-major index. */
  public static Tensor generate(Shape shape, IntToDoubleFunction f) {
    float[] data = new float[shape.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) f.applyAsDouble(i);
    }
    return of(shape, data);
  }

  /** A leaf of the same contents whose gradient a tape computes. Shares this storage. */
  public Tensor asParameter() {
    return new Tensor(shape, storage, true);
  }

  /** The same contents outside of any differentiation (PyTorch: detach). Shares this storage. */
  public Tensor detach() {
    return new Tensor(shape, storage, false);
  }

  /** The same storage under another shape of equal size, without a record on any tape. */
  public Tensor view(Shape other) {
    return new Tensor(other, storage, false);
  }

  public Shape shape() {
    return shape;
  }

  public int dim(int axis) {
    return shape.dim(axis);
  }

  public int size() {
    return shape.size();
  }

  public Storage storage() {
    return storage;
  }

  public boolean requiresGrad() {
    return requiresGrad;
  }

  /** A token that stands for this very tensor without holding its elements. */
  public Object identity() {
    return identity;
  }

  /** A tensor of this shape without elements, for those who only need the shape. */
  public Tensor shapeOnly() {
    return shapeOnly(shape);
  }

  /** A tensor of the given shape without elements: reading or writing them throws. */
  public static Tensor shapeOnly(Shape shape) {
    return new Tensor(shape, new AbsentStorage(shape.size()), false);
  }

  /** A copy of all elements. */
  public float[] toArray() {
    float[] out = new float[size()];
    storage.read(out);
    return out;
  }

  /** The value of a tensor with one element. */
  public float item() {
    ShapeException.require(size() == 1, "item", "wants one element, tensor is %s", shape);
    return toArray()[0];
  }

  @Override
  public String toString() {
    return "Tensor" + shape + (requiresGrad ? " (parameter)" : "");
  }
}
