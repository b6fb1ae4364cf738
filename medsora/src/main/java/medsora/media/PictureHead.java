package medsora.media;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What stands in a picture's file beside its pixels and concerns them. Read here, since a library's
 * reader of metadata would unpack and keep everything else too, such as compressed texts of any
 * length. A file that is damaged says nothing; its decoder says what is wrong with it.
 *
 * @param orientation how it is to be shown
 * @param inks of a jpeg of inks without a profile of them
 * @param progressive whether a jpeg holds several scans of its pixels
 * @param lossless whether a jpeg is of the lossless process
 * @param animated whether a webp or a png holds several frames
 * @param unread what kind of jpeg it is, where no reader reads that; else empty
 * @param strip how many frames a strip of {@link PngWriter} holds
 */
record PictureHead(
    Orientation orientation,
    Inks inks,
    boolean progressive,
    boolean lossless,
    boolean animated,
    String unread,
    OptionalInt strip) {
  /** How four components of a jpeg are to be taken. */
  enum Inks {
    /** No inks, or such as a profile in the file explains. */
    NONE,
    /** Cyan, magenta, yellow, black. */
    CMYK,
    /** The first three as Y'CbCr. */
    YCCK
  }

  /** Keyword of the text that says how many frames a png holds from top to bottom. */
  static final String STRIP = "medsora:frames";

  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.ISO_8859_1);
  private static final int TAG_ORIENTATION = 0x0112;
  private static final int TYPE_SHORT = 3;

  /** EXIF in a jpeg cannot be longer, and its first directory is where it begins. */
  private static final int MOST_EXIF = 1 << 16;

  /** More pieces than any picture within the limits has. */
  private static final int MOST_PIECES = 1 << 20;

  /** Reads the head of a picture of a kind. */
  static PictureHead read(Path file, PictureKind kind) throws IOException {
    Scan scan = new Scan();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      switch (kind) {
        case JPEG -> scan.jpeg(in);
        case PNG -> scan.png(in);
        case WEBP -> scan.webp(in);
        case TIFF, BMP, PNM -> {
          // Their readers say all that there is.
        }
      }
    } catch (EOFException e) {
      // Cut off: what stood before the cut holds.
    }
    return new PictureHead(
        Orientation.exif(scan.exif),
        scan.inks(),
        scan.progressive,
        scan.lossless,
        scan.animated,
        scan.unread,
        scan.strip);
  }

  /** EXIF's number in a block that begins with a TIFF header; 1 where it says none. */
  static int exif(byte[] block) {
    ByteBuffer tiff = ByteBuffer.wrap(block);
    if (block.length < 14) {
      return 1;
    }
    tiff.order(block[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = tiff.getInt(4) & 0xffffffffL;
    if (directory > block.length - 2) {
      return 1;
    }
    int entries = tiff.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int at = (int) directory + 2 + 12 * i;
      if (at > block.length - 12) {
        return 1;
      }
      if ((tiff.getShort(at) & 0xffff) == TAG_ORIENTATION && tiff.getShort(at + 2) == TYPE_SHORT) {
        return tiff.getShort(at + 8);
      }
    }
    return 1;
  }

  /** What was found so far. */
  private static final class Scan {
    private int exif = 1;
    private byte[] frame = new byte[0];
    private byte[] adobe = new byte[0];
    private boolean profile;
    private boolean progressive;
    private boolean lossless;
    private boolean animated;
    private String unread = "";
    private OptionalInt strip = OptionalInt.empty();

    /** Segments up to the first scan of pixels (ITU T.81, B.1.1). */
    void jpeg(DataInputStream in) throws IOException {
      in.skipNBytes(2);
      for (int piece = 0; piece < MOST_PIECES; piece++) {
        int marker = marker(in);
        if (marker == 0xda || marker == 0xd9) {
          return;
        }
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
          continue;
        }
        segment(marker, in, in.readUnsignedShort() - 2);
      }
    }

    /** The next marker; bytes before it are passed over, as decoders do. */
    private static int marker(DataInputStream in) throws IOException {
      int c = in.readUnsignedByte();
      while (c != 0xff) {
        c = in.readUnsignedByte();
      }
      while (c == 0xff) {
        c = in.readUnsignedByte();
      }
      return c;
    }

    private void segment(int marker, DataInputStream in, int length) throws IOException {
      if (length < 0) {
        throw new EOFException();
      }
      byte[] data = exactly(in, length);
      boolean isFrame = marker >= 0xc0 && marker <= 0xcf;
      boolean table = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;
      if (isFrame && !table) {
        frame = data;
        progressive = marker % 4 == 2;
        lossless = marker == 0xc3;
        unread = unread(marker, length > 0 ? data[0] : 8);
      } else if (marker == 0xf7) {
        unread = "a JPEG-LS";
      } else if (marker == 0xee && begins(data, ADOBE)) {
        adobe = data;
      } else if (marker == 0xe1 && begins(data, EXIF) && exif == 1) {
        exif = exif(Arrays.copyOfRange(data, EXIF.length, length));
      } else if (marker == 0xe2 && begins(data, PROFILE)) {
        profile = true;
      }
    }

    /** Readers know Huffman's coding of 8 bits (ITU T.81, table B.1), and the lossless one. */
    private static String unread(int marker, int bits) {
      if (marker >= 0xc5) {
        return "a jpeg of process SOF" + (marker - 0xc0);
      }
      return marker == 0xc3 || bits == 8 ? "" : "a jpeg of %d bits".formatted(bits);
    }

    /** Adobe's segment ends in the transform, 2 for YCCK (ITU T.872, 6.5.3). */
    Inks inks() {
      boolean four = frame.length >= 18 && frame[5] == 4;
      if (!four || profile) {
        return Inks.NONE;
      }
      if (adobe.length >= 12) {
        return adobe[11] == 2 ? Inks.YCCK : Inks.CMYK;
      }
      // Numbered 1 to 4 without Adobe's segment they are colours and alpha, which Java once wrote.
      boolean numbered = frame[6] == 1 && frame[9] == 2 && frame[12] == 3 && frame[15] == 4;
      return numbered ? Inks.NONE : Inks.CMYK;
    }

    /** Chunks (PNG 3rd edition, 5.3); EXIF may stand behind the pixels. */
    void png(DataInputStream in) throws IOException {
      in.skipNBytes(8);
      for (int piece = 0; piece < MOST_PIECES; piece++) {
        long length = in.readInt() & 0xffffffffL;
        String type = text(exactly(in, 4));
        if (type.equals("IEND")) {
          return;
        }
        long rest = length + 4;
        if (type.equals("eXIf") && length <= MOST_EXIF) {
          exif = exif(exactly(in, (int) length));
          rest = 4;
        } else if (type.equals("acTL") && length == 8) {
          animated = in.readInt() != 1;
          rest = 8;
        } else if (type.equals("tEXt") && length <= STRIP.length() + 8) {
          mark(text(exactly(in, (int) length)));
          rest = 4;
        }
        in.skipNBytes(rest);
      }
    }

    private void mark(String text) {
      String frames = text.startsWith(STRIP + "\0") ? text.substring(STRIP.length() + 1) : "";
      if (frames.matches("[1-9][0-9]{0,6}")) {
        strip = OptionalInt.of(Integer.parseInt(frames));
      }
    }

    /** Chunks of RIFF (RFC 9649, 2.3), little end first and padded to even lengths. */
    void webp(DataInputStream in) throws IOException {
      in.skipNBytes(12);
      for (int piece = 0; piece < MOST_PIECES; piece++) {
        String type = text(exactly(in, 4));
        long length = Integer.reverseBytes(in.readInt()) & 0xffffffffL;
        long padded = length + (length & 1);
        if (type.equals("EXIF") && length <= MOST_EXIF) {
          byte[] block = exactly(in, (int) length);
          int from = begins(block, EXIF) ? EXIF.length : 0;
          exif = exif(Arrays.copyOfRange(block, from, block.length));
          padded -= length;
        } else if (type.equals("ANMF")) {
          animated = true;
        }
        in.skipNBytes(padded);
      }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      return bytes;
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static boolean begins(byte[] data, byte[] head) {
      return data.length >= head.length
          && Arrays.equals(data, 0, head.length, head, 0, head.length);
    }
  }
}
