package medsora.media.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes small DICOM files for tests: elements in order of their tags, in any of the encodings. */
final class DicomWriter {
  static final String IMPLICIT = "1.2.840.10008.1.2";
  static final String EXPLICIT = "1.2.840.10008.1.2.1";
  static final String DEFLATED = "1.2.840.10008.1.2.1.99";
  static final String BIG = "1.2.840.10008.1.2.2";
  static final String RLE = "1.2.840.10008.1.2.5";
  static final String JPEG = "1.2.840.10008.1.2.4.50";
  static final String CINE_CLASS = "1.2.840.10008.5.1.4.1.1.3.1";

  private interface Value {
    void write(ByteArrayOutputStream out, int tag, boolean explicit, boolean big);
  }

  private final String syntax;
  private final TreeMap<Integer, Value> elements = new TreeMap<>();
  private boolean preamble = true;

  DicomWriter(String syntax) {
    this.syntax = syntax;
    text(Tags.SOP_CLASS, "UI", CINE_CLASS);
  }

  /** An image's attributes; pixels follow. */
  static DicomWriter image(String syntax, int columns, int rows, int frames) {
    DicomWriter w = new DicomWriter(syntax);
    return w.shorts(Tags.COLUMNS, columns)
        .shorts(Tags.ROWS, rows)
        .text(Tags.FRAMES, "IS", "" + frames)
        .colour("MONOCHROME2", 1)
        .bits(8, 8, 7, 0);
  }

  DicomWriter colour(String photometric, int samples) {
    return text(Tags.PHOTOMETRIC, "CS", photometric).shorts(Tags.SAMPLES, samples);
  }

  DicomWriter bits(int allocated, int stored, int high, int signed) {
    return shorts(Tags.ALLOCATED, allocated)
        .shorts(Tags.STORED, stored)
        .shorts(Tags.HIGH_BIT, high)
        .shorts(Tags.SIGNED, signed);
  }

  DicomWriter withoutPreamble() {
    preamble = false;
    return this;
  }

  DicomWriter text(int tag, String representation, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] even = Arrays.copyOf(bytes, (bytes.length + 1) / 2 * 2);
    if (even.length > bytes.length) {
      even[bytes.length] = (byte) (representation.equals("UI") ? 0 : ' ');
    }
    return bytes(tag, representation, even);
  }

  DicomWriter shorts(int tag, int... values) {
    elements.put(
        tag,
        (out, t, explicit, big) -> {
          ByteArrayOutputStream body = new ByteArrayOutputStream();
          for (int v : values) {
            u16(body, v, big);
          }
          element(out, t, "US", body.toByteArray(), explicit, big);
        });
    return this;
  }

  DicomWriter longs(int tag, long... values) {
    elements.put(
        tag,
        (out, t, explicit, big) -> {
          ByteArrayOutputStream body = new ByteArrayOutputStream();
          for (long v : values) {
            u32(body, v, big);
          }
          element(out, t, "UL", body.toByteArray(), explicit, big);
        });
    return this;
  }

  DicomWriter bytes(int tag, String representation, byte[] value) {
    elements.put(tag, (out, t, e, big) -> element(out, t, representation, value, e, big));
    return this;
  }

  /** Items of undefined length where {@code open}. */
  DicomWriter sequence(int tag, boolean open, DicomWriter... items) {
    elements.put(
        tag,
        (out, t, explicit, big) -> {
          ByteArrayOutputStream body = new ByteArrayOutputStream();
          for (DicomWriter item : items) {
            byte[] inner = item.dataSet(explicit, big);
            marker(body, Tags.ITEM, open ? 0xffffffffL : inner.length, big);
            body.writeBytes(inner);
            if (open) {
              marker(body, Tags.ITEM_END, 0, big);
            }
          }
          if (open) {
            marker(body, Tags.SEQUENCE_END, 0, big);
          }
          header(out, t, "SQ", open ? 0xffffffffL : body.size(), explicit, big);
          out.writeBytes(body.toByteArray());
        });
    return this;
  }

  /** Pixel data of 8-bit samples, or any that are already in the syntax's order. */
  DicomWriter pixels(byte[] samples) {
    byte[] even = Arrays.copyOf(samples, (samples.length + 1) / 2 * 2);
    return bytes(Tags.PIXELS, "OB", even);
  }

  /** Pixel data of 16-bit samples. */
  DicomWriter words(int[] samples) {
    elements.put(
        Tags.PIXELS,
        (out, t, explicit, big) -> {
          ByteArrayOutputStream body = new ByteArrayOutputStream();
          for (int v : samples) {
            u16(body, v, big);
          }
          element(out, t, "OW", body.toByteArray(), explicit, big);
        });
    return this;
  }

  /** Encapsulated pixel data. */
  DicomWriter fragments(boolean table, byte[]... fragments) {
    elements.put(
        Tags.PIXELS,
        (out, t, explicit, big) -> {
          header(out, t, "OB", 0xffffffffL, explicit, big);
          marker(out, Tags.ITEM, table ? 4L * fragments.length : 0, false);
          long offset = 0;
          for (byte[] f : fragments) {
            if (table) {
              u32(out, offset, false);
            }
            offset += 8 + (f.length + 1) / 2 * 2;
          }
          for (byte[] f : fragments) {
            marker(out, Tags.ITEM, (f.length + 1) / 2 * 2, false);
            out.writeBytes(Arrays.copyOf(f, (f.length + 1) / 2 * 2));
          }
          marker(out, Tags.SEQUENCE_END, 0, false);
        });
    return this;
  }

  private byte[] dataSet(boolean explicit, boolean big) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Map.Entry<Integer, Value>> ordered = new ArrayList<>(elements.entrySet());
    ordered.sort(Comparator.comparing(Map.Entry::getKey, Integer::compareUnsigned));
    ordered.forEach(e -> e.getValue().write(out, e.getKey(), explicit, big));
    return out.toByteArray();
  }

  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (preamble) {
      out.writeBytes(new byte[128]);
      out.writeBytes("DICM".getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] uid =
        (syntax + (syntax.length() % 2 == 0 ? "" : "\0")).getBytes(StandardCharsets.ISO_8859_1);
    element(out, Tags.TRANSFER_SYNTAX, "UI", uid, true, false);
    byte[] body = dataSet(!syntax.equals(IMPLICIT), syntax.equals(BIG));
    out.writeBytes(syntax.equals(DEFLATED) ? deflated(body) : body);
    return out.toByteArray();
  }

  Path write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, toBytes());
  }

  private static byte[] deflated(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED, true))) {
      deflater.write(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static void element(
      ByteArrayOutputStream out, int tag, String vr, byte[] value, boolean explicit, boolean big) {
    header(out, tag, vr, value.length, explicit, big);
    out.writeBytes(value);
  }

  private static void header(
      ByteArrayOutputStream out, int tag, String vr, long length, boolean explicit, boolean big) {
    u16(out, tag >>> 16, big);
    u16(out, tag & 0xffff, big);
    if (!explicit) {
      u32(out, length, big);
      return;
    }
    out.writeBytes(vr.getBytes(StandardCharsets.ISO_8859_1));
    if (List.of("OB", "OW", "SQ", "UN", "UT").contains(vr)) {
      u16(out, 0, big);
      u32(out, length, big);
    } else {
      u16(out, (int) length, big);
    }
  }

  private static void marker(ByteArrayOutputStream out, int tag, long length, boolean big) {
    header(out, tag, "", length, false, big);
  }

  private static void u16(ByteArrayOutputStream out, int v, boolean big) {
    out.write(big ? v >> 8 : v);
    out.write(big ? v : v >> 8);
  }

  private static void u32(ByteArrayOutputStream out, long v, boolean big) {
    u16(out, (int) (big ? v >> 16 : v) & 0xffff, big);
    u16(out, (int) (big ? v : v >> 16) & 0xffff, big);
  }
}
