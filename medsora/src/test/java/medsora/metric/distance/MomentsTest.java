package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MomentsTest {
  private static final int BLOCK = Moments.BLOCK;

  @Test
  void areTheTextbooksMeanAndCovariance() {
    FeatureRows x = RowsForTests.of(9, 1, 3 * BLOCK + 17, 5, 2, 1000);
    double[] mean = new double[5];
    for (int i = 0; i < x.count(); i++) {
      for (int j = 0; j < 5; j++) {
        mean[j] += (double) x.row(i)[j] / x.count();
      }
    }
    double[][] covariance = new double[5][5];
    for (int i = 0; i < x.count(); i++) {
      for (int j = 0; j < 25; j++) {
        covariance[j / 5][j % 5] +=
            (x.row(i)[j / 5] - mean[j / 5]) * (x.row(i)[j % 5] - mean[j % 5]) / (x.count() - 1);
      }
    }
    Moments got = Moments.of(x);
    assertEquals(x.count(), got.count());
    assertArrayEquals(mean, got.mean(), 1e-9);
    for (int j = 0; j < 5; j++) {
      assertArrayEquals(covariance[j], got.covariance(1)[j], 1e-11);
    }
  }

  /** Blocks of any hand in any order, and any number of threads: the same bits. */
  @Test
  void dependOnTheSamplesAlone() throws Exception {
    FeatureRows x = RowsForTests.of(9, 2, 5 * BLOCK + 40, 33);
    double[][] wanted = Moments.of(x).covariance(0);
    for (int threads : new int[] {1, 3}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        double[][] got = pool.submit(() -> Moments.of(x).covariance(0)).get();
        assertSameBits(wanted, got);
      }
    }
    List<Integer> blocks = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
    Collections.shuffle(blocks, new Random(4));
    MomentTree tree = new MomentTree();
    for (int block : blocks) {
      int to = Math.min(x.count(), (block + 1) * BLOCK);
      tree.add(
          block, Moments.ofBlock(IntStream.range(block * BLOCK, to).mapToObj(x::row).toList()));
    }
    assertSameBits(wanted, tree.join(6).covariance(0));
  }

  private static void assertSameBits(double[][] wanted, double[][] got) {
    for (int i = 0; i < wanted.length; i++) {
      assertArrayEquals(wanted[i], got[i], 0.0);
    }
  }

  @Test
  void aMissingBlockAndOneTwiceAreRefused() {
    List<float[]> rows = List.of(new float[] {1});
    MomentTree tree = new MomentTree();
    tree.add(0, Moments.ofBlock(rows));
    assertThrows(IllegalStateException.class, () -> tree.add(0, Moments.ofBlock(rows)));
    tree.add(2, Moments.ofBlock(rows));
    assertThrows(IllegalStateException.class, () -> tree.join(3));
    assertThrows(IllegalArgumentException.class, () -> Moments.ofBlock(List.of()));
  }
}
