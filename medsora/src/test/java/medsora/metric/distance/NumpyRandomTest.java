package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumpyRandomTest {
  /** As NumPy prints {@code RandomState(1).rand(3)}. */
  @Test
  void uniformIsNumpys() {
    NumpyRandom random = new NumpyRandom(1);
    assertEquals(4.17022004702574e-01, random.uniform(), 5e-16);
    assertEquals(7.20324493442158e-01, random.uniform(), 5e-16);
    assertEquals(1.14374817344887e-04, random.uniform(), 5e-19);
  }
}
