package engine.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Cursor over the JSON of a safetensors header: exactly the pieces that such a header may hold.
 *
 * <p>The grammar of the header has a fixed depth, so the caller walks it piece by piece and nothing
 * here recurses: a hostile nesting is a fault at its first bracket. Offsets in messages count from
 * the start of the file.
 */
final class HeaderJson {
  private final String file;
  private final byte[] text;
  private final long origin;
  private int at;

  /**
   * @param file name for messages
   * @param text the header's bytes
   * @param origin offset of the first of them in the file
   */
  HeaderJson(String file, byte[] text, long origin) {
    this.file = file;
    this.text = text;
    this.origin = origin;
  }

  /** Offset in the file of the next byte. */
  long offset() {
    return origin + at;
  }

  FormatException fault(String what) {
    return faultAt(offset(), what);
  }

  FormatException faultAt(long offset, String what) {
    return new FormatException(placed(offset, what));
  }

  /** A fault of a header that may be whole, and says what is not read. */
  FormatException unreadAt(long offset, String what) {
    return FormatException.unsupported(placed(offset, what));
  }

  private String placed(long offset, String what) {
    return "[safetensors] " + file + ": header at byte " + offset + ": " + what;
  }

  /** Takes the one byte {@code wanted}, spaces before it allowed. */
  void expect(char wanted) throws FormatException {
    if (!accept(wanted)) {
      throw fault("'" + wanted + "' expected, found " + found());
    }
  }

  /** Takes {@code wanted} if it comes next, spaces before it allowed. */
  boolean accept(char wanted) {
    boolean found = peek(wanted);
    at += found ? 1 : 0;
    return found;
  }

  /** Whether {@code wanted} comes next, spaces before it skipped. */
  boolean peek(char wanted) {
    skipSpace();
    return at < text.length && text[at] == wanted;
  }

  /** Takes a {@code null} if it comes next, spaces before it allowed. */
  boolean acceptNull() {
    skipSpace();
    boolean found = literal("null");
    at += found ? "null".length() : 0;
    return found;
  }

  private boolean literal(String word) {
    int end = at + word.length();
    return end <= text.length
        && new String(text, at, word.length(), StandardCharsets.ISO_8859_1).equals(word);
  }

  /**
   * Passes over one value of any kind. Brackets are counted, not followed, so that their depth
   * costs nothing but a character each.
   */
  void skipValue() throws FormatException {
    StringBuilder open = new StringBuilder();
    do {
      skipSpace();
      int c = at < text.length ? text[at] : -1;
      switch (c) {
        case '{', '[' -> {
          open.append(c == '{' ? '}' : ']');
          at++;
        }
        case '}', ']' -> {
          if (open.isEmpty() || open.charAt(open.length() - 1) != c) {
            throw fault("a bracket that closes nothing: " + found());
          }
          open.setLength(open.length() - 1);
          at++;
        }
        case ',', ':' -> {
          if (open.isEmpty()) {
            throw fault("a value expected, found " + found());
          }
          at++;
        }
        case '"' -> string();
        default -> skipWord();
      }
    } while (!open.isEmpty());
  }

  /** A number, {@code true}, {@code false} or {@code null}. */
  private void skipWord() throws FormatException {
    int from = at;
    while (at < text.length && isWord(text[at])) {
      at++;
    }
    if (at == from) {
      throw fault("a value expected, found " + found());
    }
  }

  private static boolean isWord(byte c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '+'
        || c == '.';
  }

  /** After an element: true when a comma announces another, false when {@code close} ends them. */
  boolean more(char close) throws FormatException {
    if (accept(',')) {
      return true;
    }
    expect(close);
    return false;
  }

  /** Nothing but white space may follow. */
  void end() throws FormatException {
    skipSpace();
    if (at < text.length) {
      throw fault("text after the header's object: " + found());
    }
  }

  /** A non-negative integer below 2^63, without sign, leading zero, fraction or exponent. */
  long number() throws FormatException {
    skipSpace();
    int start = at;
    long value = 0;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      int digit = text[at] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw faultAt(origin + start, "number above 2^63 - 1");
      }
      value = value * 10 + digit;
      at++;
    }
    if (at == start) {
      throw fault("a non-negative integer expected, found " + found());
    }
    if (text[start] == '0' && at - start > 1) {
      throw faultAt(origin + start, "number with a leading zero");
    }
    return value;
  }

  /** A quoted string: strict UTF-8, no bare control characters, no unpaired surrogate. */
  String string() throws FormatException {
    expect('"');
    int start = at;
    boolean escaped = false;
    while (at < text.length && text[at] != '"') {
      if (text[at] >= 0 && text[at] < 0x20) {
        throw fault("control character in a string");
      }
      if (text[at] == '\\') {
        escaped = true;
        at++;
      }
      at++;
    }
    if (at >= text.length) {
      throw faultAt(origin + start, "string without end");
    }
    String raw = decode(start, at);
    at++;
    return escaped ? unescape(raw, origin + start) : raw;
  }

  private String decode(int from, int to) throws FormatException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw faultAt(origin + from, "string is not UTF-8");
    }
  }

  private String unescape(String raw, long offset) throws FormatException {
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char kind = raw.charAt(++i); // string() saw a byte after every backslash
      switch (kind) {
        case '"', '\\', '/' -> out.append(kind);
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          out.append(hex(raw, i + 1, offset));
          i += 4;
        }
        default ->
            throw faultAt(offset, "unknown escape in a string: \\" + Printable.line("" + kind));
      }
    }
    return paired(out.toString(), offset);
  }

  private char hex(String raw, int from, long offset) throws FormatException {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      char c = i < raw.length() ? raw.charAt(i) : ' ';
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw faultAt(offset, "\\u wants four hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  private String paired(String text, long offset) throws FormatException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw faultAt(offset, "unpaired surrogate in a string");
    }
    return text;
  }

  private void skipSpace() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
      at++;
    }
  }

  private String found() {
    if (at >= text.length) {
      return "the header's end";
    }
    int c = text[at] & 0xFF;
    return c > 0x20 && c < 0x7F ? "'" + (char) c + "'" : String.format("byte 0x%02X", c);
  }
}
