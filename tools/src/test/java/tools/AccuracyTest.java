package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.kernel.RandomKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarKernels;
import engine.kernel.scalar.ScalarRandom;
import engine.random.RandomKey;
import engine.tensor.Storage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  @Test
  void measuresOneFunctionAndPrintsItsRow() {
    Runs.Outcome said = Runs.run(new Accuracy(), "--function", "sqrt", "--every", 99991);
    assertEquals(0, said.code(), said.err());
    String row = said.lastLine();
    assertTrue(row.startsWith("| sqrt | ") && row.contains("| 0.5000 |"), row);
    assertTrue(row.contains("| 100.00% |") && row.endsWith("| 0 |"), row);
    assertTrue(said.err().contains("arguments"), said.err());
  }

  @Test
  void printsJson() throws IOException {
    Runs.Outcome said = Runs.run(new Accuracy(), "--function", "exp", "--every", 99991, "--json");
    JsonNode exp = new ObjectMapper().readTree(said.out()).get(0);
    assertEquals("exp", exp.get("function").asText());
    assertEquals(0, exp.get("wrong").asInt());
    double largest = exp.get("largest").asDouble();
    assertTrue(largest > 0.6 && largest < 0.7, said.out());
  }

  /** What float32 leaves of the scan: about what conformance asks of it, 3e-7. */
  @Test
  void holdsTheScanAgainstTheListing() throws IOException {
    Runs.Outcome said = Runs.run(new Accuracy(), "--scan", "--json");
    assertEquals(0, said.code(), said.err());
    JsonNode rows = new ObjectMapper().readTree(said.out());
    assertEquals(3, rows.size());
    for (JsonNode row : rows) {
      double error = row.get("error").asDouble();
      assertTrue(error > 1e-9 && error < 3e-6, row.toString());
    }
    String table = Runs.run(new Accuracy(), "--scan").out();
    assertTrue(table.contains("| 1024 | 256 | "), table);
  }

  @Test
  void probesTheBackendCheckByCheck() {
    Runs.Outcome said = Runs.run(new Accuracy(), "--probe", "--backend", "scalar");
    assertEquals(0, said.code(), said.err());
    assertTrue(said.out().contains("denormals: passed"), said.out());
    assertTrue(said.out().contains("Fourier transform: passed"), said.out());
    assertEquals("backend scalar is exact", said.lastLine());
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Runs.Outcome said = Runs.run(new Accuracy(), "--function", "gamma");
    assertEquals(1, said.code());
    assertTrue(said.err().contains("gamma is not one of exp, expm1, log"), said.err());
    assertEquals(1, Runs.run(new Accuracy(), "--every", 0).code());
  }

  /** Numeric contract N18: the first line of a program says that its results are approximate. */
  @Test
  void aProgramOnAnApproximateBackendSaysSoFirst() {
    Kernels broken =
        new ScalarKernels(Workers.SINGLE) {
          @Override
          public RandomKernels random() {
            return new ScalarRandom(Workers.SINGLE) {
              @Override
              public void uniform(RandomKey key, Storage y, int n) {
                super.uniform(key.withStream(key.stream() + 1), y, n);
              }
            };
          }
        };
    Runs.Outcome said = Backends.with(broken, () -> Runs.run(new Inspect(), "MedSora-S"));
    String first = said.err().lines().findFirst().orElse("nothing");
    assertTrue(first.startsWith("approximate results: backend scalar is approximate"), first);
    assertTrue(first.contains("uniform draws"), first);
    assertEquals("", Runs.run(new Inspect(), "MedSora-S").err());
  }
}
