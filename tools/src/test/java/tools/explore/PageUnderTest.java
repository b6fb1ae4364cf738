package tools.explore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/** The facts and arrays of a page, read from its text. */
record PageUnderTest(JsonNode facts, ByteBuffer arrays) {
  static PageUnderTest of(String page) throws IOException {
    byte[] packed = Base64.getDecoder().decode(script(page, "arrays"));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      ByteBuffer arrays = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      return new PageUnderTest(new ObjectMapper().readTree(script(page, "facts")), arrays);
    }
  }

  private static String script(String page, String id) {
    int from = page.indexOf('>', page.indexOf("id=\"" + id + "\"")) + 1;
    return page.substring(from, page.indexOf("</script>", from));
  }

  private static int count(JsonNode node) {
    int count = 1;
    for (JsonNode n : node.get("shape")) {
      count *= n.intValue();
    }
    return count;
  }

  float[] floats(JsonNode node) {
    float[] out = new float[count(node)];
    arrays
        .slice(node.get("at").intValue(), 4 * out.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(out);
    return out;
  }

  byte[] bytes(JsonNode node) {
    byte[] out = new byte[count(node)];
    arrays.get(node.get("at").intValue(), out);
    return out;
  }

  int[] shorts(JsonNode node) {
    int[] out = new int[count(node)];
    for (int i = 0; i < out.length; i++) {
      out[i] = arrays.getShort(node.get("at").intValue() + (2 * i));
    }
    return out;
  }
}
