package medsora.train.manifest;

import engine.io.Printable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where training data came from, as far as it takes to open them again.
 *
 * @param name as the user gave it: a folder, or what they are called
 * @param clips of the phantom that were rendered at once; 0 otherwise
 * @param strips whether every png of the shape of a strip was taken for one
 */
public record DataOrigin(Kind kind, String name, int clips, boolean strips) {
  /** The kinds. */
  public enum Kind {
    /** The phantom, as many clips as the configuration's recipe has. */
    RECIPE,
    /** Some clips of the phantom. */
    PHANTOM,
    /** A folder of videos. */
    FOLDER,
    /** What a program gave that was not asked where it has it from. */
    GIVEN
  }

  private static final String PHANTOM = "phantom";

  /** Of data that say nothing of it. */
  public static final DataOrigin GIVEN = new DataOrigin(Kind.GIVEN, "given", 0, false);

  /** The phantom of a recipe. */
  public static final DataOrigin RECIPE = new DataOrigin(Kind.RECIPE, PHANTOM, 0, false);

  /** So many clips of the phantom. */
  public static DataOrigin phantom(int clips) {
    return new DataOrigin(Kind.PHANTOM, PHANTOM, clips, false);
  }

  /** A folder. */
  public static DataOrigin folder(String name, boolean strips) {
    return new DataOrigin(Kind.FOLDER, name, 0, strips);
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", kind.name().toLowerCase(Locale.ROOT));
    tree.put("name", name);
    tree.put("clips", clips);
    tree.put("strips", strips);
    return tree;
  }

  static DataOrigin read(Fields f) throws IOException {
    String kind = f.text("kind");
    for (Kind k : Kind.values()) {
      if (k.name().toLowerCase(Locale.ROOT).equals(kind)) {
        return new DataOrigin(k, f.text("name"), f.count("clips"), f.flag("strips"));
      }
    }
    throw new IOException(
        "[manifest] %s: data of kind '%s', which this program does not know"
            .formatted(f.file(), Printable.brief(kind)));
  }
}
