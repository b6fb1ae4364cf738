package tools.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.bench.Row;
import tools.bench.Rows;
import tools.bench.harness.Measurement;
import tools.bench.harness.Statistics;

/** Table, JSON and chart of made-up figures. */
class ReportTest {
  @TempDir Path folder;

  private static Measurement of(Row row, double seconds, double ceiling, Double peer) {
    return of(row, seconds, ceiling, peer, false);
  }

  private static Measurement of(
      Row row, double seconds, double ceiling, Double peer, boolean cold) {
    Statistics s = new Statistics(seconds * 0.9, seconds, seconds * 1.2);
    return new Measurement(
        row, row.operation().work(), s, 5, cold, ceiling, 123_456_789, 0.015, peer);
  }

  private static List<Measurement> some() {
    List<Measurement> all = new ArrayList<>();
    Rows.ceilings(2)
        .forEach(r -> all.add(of(r, 0.01, r.operation().work().amount() * 100.0, null)));
    all.add(of(Rows.named("matmul-1024", 2), 1 << 30, 2, 3.0 * (1 << 30)));
    all.add(of(Rows.named("softmax-6144x1024", 2), 0.5, 1e9, null));
    all.add(of(Rows.named("denoiser-B-forward", 2), 3.1, 1e11, null, true));
    return all;
  }

  @Test
  void jsonHasTheFieldsAndNoOthers() throws Exception {
    JsonNode list = new ObjectMapper().readTree(JsonList.bytes(some()));
    assertEquals(7, list.size());
    for (JsonNode item : list) {
      List<String> names = new ArrayList<>();
      item.fieldNames().forEachRemaining(names::add);
      assertEquals(
          List.of(
              "name",
              "seconds",
              "work",
              "unit",
              "ceiling",
              "fraction",
              "cold",
              "peakBytes",
              "peerSeconds"),
          names);
    }
    JsonNode product = list.get(4);
    assertEquals("multiply-adds", product.get("unit").asText());
    assertEquals(1 << 30, product.get("work").asLong());
    assertEquals(0.5, product.get("fraction").asDouble(), 1e-12);
    assertEquals(3.0 * (1 << 30), product.get("peerSeconds").asDouble());
    assertEquals("bytes", list.get(5).get("unit").asText());
    assertTrue(list.get(5).get("peerSeconds").isNull());
    assertEquals(1, list.get(0).get("fraction").asDouble(), 1e-12);
    assertTrue(list.get(6).get("cold").asBoolean() && !list.get(5).get("cold").asBoolean());
  }

  @Test
  void tableHasALinePerRow() {
    List<String> lines = Table.lines(some());
    assertTrue(lines.get(0).startsWith("row"));
    assertTrue(lines.get(1).startsWith("peak-fma-1"));
    String softmax = lines.get(6);
    assertTrue(softmax.matches("softmax-6144x1024 +500.000 ms +30.0% +5 .* 123 +1.5% *"), softmax);
    assertEquals("1.50 s", Table.time(1.5));
    // A single cold run is no share of a ceiling.
    String cold = lines.get(7);
    assertTrue(cold.matches("denoiser-B-forward +3.10 s .* 100.0 +cold +123 .*"), cold);
    assertTrue(
        lines.stream().anyMatch(l -> l.startsWith("cold: measured before")), lines::toString);
  }

  @Test
  void chartHasTwoPanels() throws Exception {
    Path png = folder.resolve("roofline.png");
    new Roofline(some()).draw(png);
    assertEquals(1640, ImageIO.read(png.toFile()).getWidth());
  }
}
