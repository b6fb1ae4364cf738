package medsora.config;

import engine.io.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
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
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads YAML that nobody vouches for: at most 256 KiB, nested at most 16 deep, one document, in
 * UTF-8, without anchors and aliases, without tags, without keys that stand twice. The record that
 * the file is read into says what type a value has; nothing in a file can name a class.
 */
final class YamlReader {
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_DEPTH = 16;

  private final String file;
  private final int most;

  private YamlReader(String file, int most) {
    this.file = file;
    this.most = most;
  }

  /** Reads one document whose top is a mapping. */
  static Yaml.Mapping read(String file, InputStream in) throws IOException {
    return read(file, in.readNBytes(MAX_BYTES + 1), MAX_BYTES);
  }

  /**
   * The same of bytes at hand.
   *
   * @param most bytes that are read
   */
  static Yaml.Mapping read(String file, byte[] bytes, int most) {
    YamlReader reader = new YamlReader(file, most);
    if (bytes.length > most) {
      throw reader.fault(Optional.empty(), "is larger than " + most + " bytes");
    }
    return reader.read(reader.decoded(bytes));
  }

  /** Reads one document whose top is a mapping, JSON too. */
  static Yaml.Mapping read(String file, String text) {
    YamlReader reader = new YamlReader(file, MAX_BYTES);
    if (text.length() > MAX_BYTES) {
      throw reader.fault(Optional.empty(), "is larger than " + MAX_BYTES + " bytes");
    }
    return reader.read(text);
  }

  private String decoded(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
      int line = 1 + (int) out.flip().chars().filter(c -> c == '\n').count();
      throw new ConfigException(
          new Place(file, line), "is not text in UTF-8 (byte " + in.position() + ")");
    }
    return out.flip().toString();
  }

  private Yaml.Mapping read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(most)
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
      throw fault(e.getProblemMark(), "is not YAML: " + Printable.brief(e.getProblem()));
    } catch (YamlEngineException e) {
      throw fault(
          Optional.empty(), "is not YAML: " + Printable.brief(String.valueOf(e.getMessage())));
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
      refuseDecoration(event);
      if (depth > MAX_DEPTH) {
        throw fault(event.getStartMark(), "is nested more than " + MAX_DEPTH + " deep");
      }
    }
  }

  /** What YAML can do beyond values: name nodes, and name types to be made. */
  private void refuseDecoration(Event event) {
    Optional<String> tag =
        switch (event) {
          case ScalarEvent s -> s.getTag();
          case CollectionStartEvent c -> c.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()) {
      throw fault(
          event.getStartMark(),
          "tags (" + Printable.brief(tag.get()) + ") are not allowed: write the value alone");
    }
    if (event instanceof NodeEvent n && n.getAnchor().isPresent()) {
      throw fault(event.getStartMark(), "anchors (&name) are not allowed: write the value again");
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
            throw fault(
                key.getStartMark(), "key '" + Printable.brief(key.getValue()) + "' stands twice");
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
