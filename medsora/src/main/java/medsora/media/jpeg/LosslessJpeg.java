package medsora.media.jpeg;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes lossless JPEG (ISO 10918-1, annex H; Huffman codes): 2 to 16 bits, all predictors, the
 * point transform, restart intervals, components together or in scans of their own. Whatever shows
 * that data are damaged is a fault.
 */
public final class LosslessJpeg {
  private static final int DIFFERENCES = 16;
  private static final int TABLES = 4;

  /** Definitions of tables; no picture has more than a few. */
  private static final int MAX_DEFINITIONS = 64;

  private final byte[] jpeg;
  private final JpegHeader header;
  private final Faults place;
  private final @Nullable HuffmanTable[] tables = new HuffmanTable[TABLES];

  /** Numbers of components by their identifiers. */
  private final Map<Integer, Integer> components = new HashMap<>();

  private final byte[] out;
  private int definitions;
  private int restart;
  private int decoded;

  private LosslessJpeg(byte[] jpeg, JpegHeader header, Faults place) {
    this.jpeg = jpeg;
    this.header = header;
    this.place = place;
    int samples = Math.multiplyExact(header.width() * header.height(), header.components());
    this.out = new byte[Math.multiplyExact(samples, bytes(header))];
  }

  /** Bytes of a decoded sample, the low one first. */
  public static int bytes(JpegHeader header) {
    return header.bits() > Byte.SIZE ? 2 : 1;
  }

  /**
   * Decodes one.
   *
   * @param header its own, whose size has been checked
   * @return samples pixel by pixel, row by row
   */
  public static byte[] decode(byte[] jpeg, JpegHeader header, Faults place) throws IOException {
    LosslessJpeg decoder = new LosslessJpeg(jpeg, header, place);
    int at = 2;
    while (decoder.decoded < header.components()) {
      at = decoder.segment(at);
    }
    return decoder.out;
  }

  /** Reads a marker and what belongs to it; gives where the next one begins. */
  private int segment(int at) throws IOException {
    if (at + 4 > jpeg.length) {
      throw place.fault("a JPEG that is cut off");
    }
    int marker = word(at);
    if (marker == 0xffff) {
      return at + 1;
    }
    int end = at + 2 + word(at + 2);
    if (marker < 0xff01 || end < at + 4 || end > jpeg.length) {
      throw place.fault("a JPEG without a whole segment where one is due");
    }
    switch (marker) {
      case 0xffc3 -> frame(at + 4, end);
      case 0xffc4 -> tables(at + 4, end);
      case 0xffdd -> restart = end >= at + 6 ? word(at + 4) : 0;
      case 0xffd9 -> throw place.fault("a JPEG that ends before its last scan");
      case 0xffda -> {
        return scan(at + 4, end);
      }
      default -> {}
    }
    return end;
  }

  private int word(int at) {
    return octet(at) << 8 | octet(at + 1);
  }

  private int octet(int at) {
    return jpeg[at] & 0xff;
  }

  /** Takes the identifiers of components; all else is in the header. */
  private void frame(int at, int end) throws IOException {
    int count = header.components();
    components.clear();
    for (int i = 0, c = at + 6; i < count && c + 3 <= end; i++, c += 3) {
      if (count > 1 && octet(c + 1) != octet(at + 7)) {
        throw place.fault("a lossless JPEG with fewer samples of one component");
      }
      components.put(octet(c), i);
    }
    if (components.size() < count) {
      throw place.fault("a JPEG whose components are not told apart");
    }
  }

  private void tables(int begin, int end) throws IOException {
    for (int at = begin; at < end; ) {
      HuffmanTable table = HuffmanTable.of(jpeg, at + 1, end);
      int number = octet(at) & 0xf;
      if (table == null || number >= TABLES || ++definitions > MAX_DEFINITIONS) {
        throw place.fault("a JPEG whose Huffman table is none");
      }
      // Some writers call theirs one of AC coefficients, of which a lossless picture has none.
      if (octet(at) < 0x10 || tables[number] == null) {
        tables[number] = table;
      }
      at += 1 + table.bytes();
    }
  }

  /** One scan: which components, by which tables, and how they are predicted. */
  private int scan(int at, int end) throws IOException {
    int count = end > at ? octet(at) : 0;
    if (at + 4 + 2 * count != end || count == 0 || decoded + count > header.components()) {
      throw place.fault("a JPEG with an impossible scan");
    }
    Component[] scanned = new Component[count];
    int transform = octet(end - 1) & 0xf;
    int predictor = octet(end - 3);
    for (int i = 0; i < count; i++) {
      Integer number = components.remove(octet(at + 1 + 2 * i));
      HuffmanTable table = tables[octet(at + 2 + 2 * i) >> 4 & 3];
      if (number == null || table == null) {
        throw place.fault("a JPEG whose scan has no such component or table");
      }
      scanned[i] = new Component(number, table, predictor, transform);
    }
    if (predictor < 1 || predictor > 7 || transform >= header.bits()) {
      throw place.fault("a JPEG of predictor %d, transform %d".formatted(predictor, transform));
    }
    if (count > 1 && header.blocks()) {
      throw place.fault("a lossless JPEG whose components come in blocks");
    }
    decoded += count;
    return rows(scanned, end);
  }

  private int rows(Component[] scanned, int begin) throws IOException {
    if (restart % header.width() != 0) {
      throw place.fault("a lossless JPEG whose restart interval is no whole number of rows");
    }
    int interval = restart == 0 ? header.height() : restart / header.width();
    EntropyBits bits = new EntropyBits(jpeg, begin, place);
    for (int y = 0; y < header.height(); y++) {
      boolean begins = y % interval == 0;
      if (begins && y > 0) {
        bits = new EntropyBits(jpeg, restarted(bits.end(), y / interval - 1), place);
      }
      for (Component c : scanned) {
        c.begin(begins);
      }
      for (int x = 0; x < header.width(); x++) {
        for (Component c : scanned) {
          c.next(bits, x, y);
        }
      }
    }
    return bits.end();
  }

  /** Behind the marker of a restart. */
  private int restarted(int end, int number) throws IOException {
    int at = end;
    while (at + 2 <= jpeg.length && word(at) == 0xffff) {
      at++;
    }
    if (at + 2 > jpeg.length || word(at) != 0xffd0 + number % 8) {
      throw place.fault("a JPEG without the restart that is due");
    }
    return at + 2;
  }

  /** A component in its scan: two rows of it, from which the next sample is predicted. */
  private final class Component {
    private final int number;
    private final HuffmanTable table;
    private final int predictor;
    private final int transform;
    private int[] row = new int[header.width()];
    private int[] above = new int[header.width()];
    private boolean first;

    Component(int number, HuffmanTable table, int predictor, int transform) {
      this.number = number;
      this.table = table;
      this.predictor = predictor;
      this.transform = transform;
    }

    /** The next row, which may be the first of an interval. */
    void begin(boolean first) {
      this.first = first;
      int[] done = row;
      row = above;
      above = done;
    }

    void next(EntropyBits bits, int x, int y) throws IOException {
      int sample = (prediction(x) + difference(bits)) & 0xffff;
      if (sample >> (header.bits() - transform) != 0) {
        throw place.fault("a JPEG with a sample beyond its %d bits".formatted(header.bits()));
      }
      row[x] = sample;
      int at = (y * header.width() + x) * header.components() + number;
      int value = sample << transform;
      if (bytes(header) == 1) {
        out[at] = (byte) value;
      } else {
        out[2 * at] = (byte) value;
        out[2 * at + 1] = (byte) (value >> 8);
      }
    }

    /** Table H.1; the first row of an interval knows the left sample alone. */
    private int prediction(int x) {
      if (x == 0) {
        return first ? 1 << (header.bits() - transform - 1) : above[0];
      }
      int a = row[x - 1];
      int b = above[x];
      int c = above[x - 1];
      return switch (first ? 1 : predictor) {
        case 1 -> a;
        case 2 -> b;
        case 3 -> c;
        case 4 -> a + b - c;
        case 5 -> a + ((b - c) >> 1);
        case 6 -> b + ((a - c) >> 1);
        default -> (a + b) >> 1;
      };
    }

    /** Of category 16 there is one alone, without further bits. */
    private int difference(EntropyBits bits) throws IOException {
      int category = bits.value(table);
      if (category > DIFFERENCES) {
        throw place.fault("a JPEG with a difference of %d bits".formatted(category));
      }
      if (category == 0 || category == DIFFERENCES) {
        return category == 0 ? 0 : 1 << (DIFFERENCES - 1);
      }
      int value = bits.bits(category);
      return value >> (category - 1) == 0 ? value - (1 << category) + 1 : value;
    }
  }
}
