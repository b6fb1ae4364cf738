package tools.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads YAML that nobody vouches for: at most 256 KiB, nested at most 16 deep, one document,
 * without anchors and aliases, without keys that stand twice. Tags are ignored: the record that the
 * file is read into says what type a value has.
 */
final class YamlReader {
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_DEPTH = 16;

  private final String file;

  private YamlReader(String file) {
    this.file = file;
  }

  /** Reads one document whose top is a mapping. */
  static Yaml.Mapping read(String file, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    YamlReader reader = new YamlReader(file);
    if (bytes.length > MAX_BYTES) {
      throw reader.fault(Optional.empty(), "is larger than " + MAX_BYTES + " bytes");
    }
    return reader.read(new String(bytes, StandardCharsets.UTF_8));
  }

  private Yaml.Mapping read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(MAX_BYTES)
            .build();
    try {
      checkEvents(new Parse(settings).parseString(text));
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> fault(Optional.empty(), "is empty"));
      if (convert(root) instanceof Yaml.Mapping mapping) {
        return mapping;
      }
      throw fault(root.getStartMark(), "wants keys and values at the top");
    } catch (MarkedYamlEngineException e) {
      throw fault(e.getProblemMark(), "is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw fault(Optional.empty(), "is not YAML: " + e.getMessage());
    }
  }

  /** Looks at the flat stream first, because building the tree recurses. */
  private void checkEvents(Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case Alias -> throw fault(event.getStartMark(), "aliases (*name) are not allowed");
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        throw fault(event.getStartMark(), "is nested more than " + MAX_DEPTH + " deep");
      }
    }
  }

  private Yaml convert(Node node) {
    Place place = place(node.getStartMark());
    return switch (node) {
      case ScalarNode s ->
          new Yaml.Scalar(s.getValue(), s.getScalarStyle() != ScalarStyle.PLAIN, place);
      case SequenceNode s -> {
        List<Yaml> items = new ArrayList<>();
        s.getValue().forEach(item -> items.add(convert(item)));
        yield new Yaml.Sequence(items, place);
      }
      case MappingNode m -> {
        Map<String, Yaml> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : m.getValue()) {
          if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            throw fault(tuple.getKeyNode().getStartMark(), "wants plain names as keys");
          }
          if (entries.put(key.getValue(), convert(tuple.getValueNode())) != null) {
            throw fault(key.getStartMark(), "key '" + key.getValue() + "' stands twice");
          }
        }
        yield new Yaml.Mapping(entries, place);
      }
      default -> throw fault(node.getStartMark(), "holds something that is no plain YAML");
    };
  }

  private Place place(Optional<Mark> mark) {
    return new Place(file, mark.map(m -> m.getLine() + 1).orElse(0));
  }

  private ConfigException fault(Optional<Mark> mark, String problem) {
    return new ConfigException(place(mark), problem);
  }
}
