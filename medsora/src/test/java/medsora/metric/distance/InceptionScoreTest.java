package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InceptionScoreTest {
  @ParameterizedTest
  @ValueSource(strings = {"small", "peaked", "one"})
  void meetsTheReferenceInEveryOrder(String name) {
    Fixture file = Fixtures.load("metric_inception_score");
    float[] values = file.floats("in." + name + ".logits");
    FeatureRows logits = FeatureRows.of(name, file.dims("in." + name + ".logits")[1], values);
    int[] bounds = file.ints("const." + name + ".bounds");
    int splits = bounds.length - 1;
    assertArrayEquals(bounds, InceptionScore.bounds(logits.count(), splits));
    InceptionScore plain = InceptionScore.of(logits, splits, RowOrder.NONE);
    assertEquals(file.doubles("out." + name + ".mean.f64")[0], plain.mean(), 1e-12);
    assertEquals(file.doubles("out." + name + ".std.f64")[0], plain.deviation(), 1e-12);
    InceptionScore shuffled = InceptionScore.of(logits, splits, RowOrder.SHUFFLE_42);
    double[] scores = shuffled.splits().stream().mapToDouble(Double::doubleValue).toArray();
    assertArrayEquals(file.doubles("out." + name + ".shuffled.split_scores.f64"), scores, 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "peaked", "one", "video"})
  void ordersAreNumpys(String name) {
    Fixture file = Fixtures.load("metric_inception_score");
    int[] shuffle = file.ints("const." + name + ".shuffle42");
    assertArrayEquals(shuffle, RowOrder.SHUFFLE_42.of(shuffle.length));
    assertArrayEquals(
        file.ints("const." + name + ".permutation2020"),
        RowOrder.PERMUTATION_2020.of(shuffle.length));
  }

  /** numpy.random.RandomState(2020): choice(10, 4, replace=False), then choice(7, 3, ...). */
  @Test
  void choicesAreNumpys() {
    NumpyRandom random = new NumpyRandom(2020);
    assertArrayEquals(new int[] {2, 4, 9, 1}, random.choice(10, 4));
    assertArrayEquals(new int[] {4, 3, 1}, random.choice(7, 3));
  }

  @Test
  void onlyCertainAndDifferentPicturesScoreHigh() {
    float[] certain = new float[8];
    certain[3] = 2000;
    float[] other = new float[8];
    other[5] = 2000;
    FeatureRows two = FeatureRows.of("two", List.of(certain, other));
    assertEquals(2, InceptionScore.of(two, 1, RowOrder.NONE).mean(), 1e-12);
    FeatureRows one = FeatureRows.of("one", List.of(certain, certain));
    assertEquals(1, InceptionScore.of(one, 1, RowOrder.NONE).mean(), 1e-12);
  }

  @Test
  void boundsUseTheRowsThereAre() {
    int[] bounds = InceptionScore.bounds(32768, 10);
    assertTrue(Arrays.stream(bounds).boxed().distinct().count() == 11);
    FeatureRows three = RowsForTests.of(1, 1, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> InceptionScore.of(three, 10, RowOrder.NONE));
  }
}
