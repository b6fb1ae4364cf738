package medsora.metric.distance;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** Singular values by EJML. */
final class SingularValues {
  private SingularValues() {}

  /**
   * Their sum, the smallest first.
   *
   * @param matrix rows of one length; 0 for none
   */
  static double sum(double[][] matrix) {
    int width = matrix.length == 0 ? 0 : matrix[0].length;
    if (width == 0) {
      return 0;
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(matrix.length, width, false, false, true);
    // EJML answers what is not a number, and what does not converge, with false.
    if (!svd.decompose(new DMatrixRMaj(matrix))) {
      throw new ArithmeticException(
          "[frechet] no singular values of a product of [%d, %d]: are features as large as 1e150?"
              .formatted(matrix.length, width));
    }
    double[] values = Arrays.copyOf(svd.getSingularValues(), svd.numberOfSingularValues());
    Arrays.sort(values);
    return Arrays.stream(values).reduce(0, Double::sum);
  }
}
