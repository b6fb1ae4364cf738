package medsora.metric.distance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Samples on the axes along which they spread most (principal component analysis, Hotelling 1933),
 * in double: eigenvectors of the n x n matrix of products of the centred samples where n is at most
 * the number of features, and of the scatter where it is more. Signs are such that the sample
 * farthest from 0 lies above it, the first of equally far ones.
 *
 * @param points of each sample, [axes], the sets one after another
 * @param shares of the spread that lie along the axes, 0..1
 */
public record PrincipalAxes(List<double[]> points, double[] shares) {
  /** Of a map. */
  private static final int FLAT = 2;

  public PrincipalAxes {
    points = List.copyOf(points);
  }

  /** Two axes of all samples of some sets together, of which there are at least two. */
  public static PrincipalAxes of(FeatureRows... sets) {
    return of(FLAT, sets);
  }

  /**
   * The same with more axes, or fewer; where the samples spread along fewer of them, they are at 0
   * on the others.
   */
  public static PrincipalAxes of(int count, FeatureRows... sets) {
    Arrays.stream(sets).forEach(sets[0]::requireSameDimensions);
    List<float[]> rows =
        Arrays.stream(sets).flatMap(s -> IntStream.range(0, s.count()).mapToObj(s::row)).toList();
    double[][] x = Factor.ofRows(FeatureRows.of("map", rows), mean(rows), 0).rows();
    boolean few = x.length <= x[0].length;
    double[][] t = few ? x : Products.transposed(x);
    Eigen eigen = Eigen.of(Products.outer(t, t));
    double total = Math.max(Double.MIN_NORMAL, eigen.trace);
    double[][] axes = new double[count][];
    double[] shares = new double[count];
    for (int a = 0; a < count; a++) {
      double value = a < eigen.order.length ? Math.max(0, eigen.value(a)) : 0;
      shares[a] = value / total;
      axes[a] = value == 0 ? new double[x.length] : coordinates(eigen, a, x, few, value);
      turn(axes[a]);
    }
    double scale = Math.sqrt(x.length);
    return new PrincipalAxes(
        IntStream.range(0, x.length)
            .mapToObj(i -> Arrays.stream(axes).mapToDouble(axis -> axis[i] * scale).toArray())
            .toList(),
        shares);
  }

  private static double[] mean(List<float[]> rows) {
    return Moments.meansOf(FeatureRows.of("map", rows)).mean();
  }

  private static double[] coordinates(
      Eigen eigen, int axis, double[][] x, boolean few, double value) {
    double[] v = eigen.vector(axis);
    if (few) {
      return Arrays.stream(v).map(c -> c * Math.sqrt(value)).toArray();
    }
    double[] out = new double[x.length];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < v.length; j++) {
        out[i] += x[i][j] * v[j];
      }
    }
    return out;
  }

  private static void turn(double[] axis) {
    double farthest = 0;
    for (double c : axis) {
      farthest = Math.abs(c) > Math.abs(farthest) ? c : farthest;
    }
    if (farthest < 0) {
      Arrays.setAll(axis, i -> -axis[i]);
    }
  }

  /** Eigenvalues of a symmetric matrix, the largest first. */
  private record Eigen(EigenDecomposition_F64<DMatrixRMaj> found, int[] order, double trace) {
    static Eigen of(double[][] matrix) {
      EigenDecomposition_F64<DMatrixRMaj> found =
          DecompositionFactory_DDRM.eig(matrix.length, true, true);
      // EJML answers what is not a number, and what does not converge, with false.
      if (!found.decompose(new DMatrixRMaj(matrix))) {
        throw new ArithmeticException(
            "[map] no eigenvalues of %d samples or features".formatted(matrix.length));
      }
      int[] order =
          IntStream.range(0, matrix.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -found.getEigenvalue(i).getReal()))
              .mapToInt(i -> i)
              .toArray();
      double trace = IntStream.range(0, matrix.length).mapToDouble(i -> matrix[i][i]).sum();
      return new Eigen(found, order, trace);
    }

    double value(int rank) {
      return found.getEigenvalue(order[rank]).getReal();
    }

    double[] vector(int rank) {
      return found.getEigenVector(order[rank]).getData();
    }
  }
}
