package tools.explore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Where something that a station shows is computed.
 *
 * @param what it is, in a few words
 * @param equation number in the paper, 0 where the paper has none
 * @param file from the root of the sources
 * @param member of the file's class
 */
record Place(String what, int equation, String file, String member) {
  private static final String MODEL = "medsora/src/main/java/medsora/";
  private static final String ENGINE = "engine/src/main/java/engine/";

  /** In the model. */
  static Place model(String what, int equation, String type, String member) {
    return new Place(what, equation, MODEL + type + ".java", member);
  }

  /** In the engine. */
  static Place engine(String what, int equation, String type, String member) {
    return new Place(what, equation, ENGINE + type + ".java", member);
  }

  /** Writes places for the page. */
  static void write(List<Place> places, ObjectNode facts) {
    var nodes = facts.putArray("places");
    places.forEach(p -> p.write(nodes.addObject()));
  }

  /** Writes this one into facts of its own. */
  void write(ObjectNode node) {
    node.put("what", what).put("equation", equation).put("file", file).put("member", member);
  }
}
