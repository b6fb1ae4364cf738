package engine.kernel;

/**
 * Batched matrix product {@code C[b] = op(A[b]) op(B[b]) + bias}: op(A) is [m,k], op(B) is [k,n]. A
 * is stored [m,k], or [k,m] if transA; B is stored [k,n], or [n,k] if transB. Batch strides in
 * elements; 0 repeats one matrix for the whole batch. C is [batch,m,n]. Bias, if present, has n
 * elements and is added last (numeric contract N1).
 */
public record MatmulArgs(
    int batch, int m, int n, int k, boolean transA, boolean transB, int strideA, int strideB) {
  /** One product of [m,k] and [k,n]. */
  public static MatmulArgs single(int m, int n, int k, boolean transA, boolean transB) {
    return new MatmulArgs(1, m, n, k, transA, transB, 0, 0);
  }
}
