#!/bin/sh
# Version: EJML 0.46.1
# EJML 0.46.1: the covariance of 100 samples has rank 152.
#
# Guess: MatrixFeatures_DDRM.rank counts singular values above a tolerance that grows with the size, as
# Matlab's and NumPy's rank do and as SingularOps_DDRM.rank of the same library does; a product of 100 vectors has rank 100.
# Behaviour: its tolerance does not grow enough: up to 40 samples of 80 features it is right, then each size brings more rank out
# of rounding: 53 of 50, 99 of 75, 152 of 100, 364 of 200. Whoever asks whether there are enough samples for a
# Frechet distance is told that there are more than there are. SingularOps_DDRM.rank, given the SVD, says 50, 75, 100, 200.
. "$(dirname "$0")/common.sh"
maven org.ejml:ejml-core:0.46.1 org.ejml:ejml-ddense:0.46.1
cat >"$work/Rank.java" <<'J'
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.*;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

public class Rank {
  public static void main(String[] args) {
    Random random = new Random(3);
    for (int samples : new int[] {10, 20, 40, 50, 75, 100, 200}) {
      int n = 2 * samples;
      DMatrixRMaj x = RandomMatrices_DDRM.rectangle(samples, n, -1, 1, random), c = new DMatrixRMaj(n, n);
      CommonOps_DDRM.multTransA(x, x, c);
      var svd = DecompositionFactory_DDRM.svd(n, n, false, false, false);
      svd.decompose(c.copy());
      System.out.print(" " + samples + ":" + MatrixFeatures_DDRM.rank(c) + "/" + SingularOps_DDRM.rank(svd));
    }
  }
}
J
seen=$(java -cp "$work/jars/*" "$work/Rank.java" 2>/dev/null)
expect "samples: rank by MatrixFeatures/by SingularOps" "$seen" \
  " 10:10/10 20:20/20 40:40/40 50:53/50 75:99/75 100:152/100 200:364/200"
