package medsora.media.dicom;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How a data set and its pixels are encoded (part 5, annex A; part 6, annex A).
 *
 * @param uid its unique identifier
 * @param name its name in the standard
 * @param coding what the pixels are
 */
record TransferSyntax(String uid, String name, Coding coding) {
  /** Encodings of pixels. */
  enum Coding {
    NATIVE,
    RLE,
    /** Lossy JPEG with 8 or 12 bits. */
    JPEG,
    JPEG_LOSSLESS,
    JPEG_LS,
    JPEG_2000,
    /** One stream for all frames: MPEG-2, H.264, HEVC. */
    VIDEO,
    UNREAD
  }

  private static final String DICOM = "1.2.840.10008.1.2";
  private static final Pattern UID = Pattern.compile("[0-9.]{1,64}");

  static final TransferSyntax IMPLICIT =
      new TransferSyntax(DICOM, "Implicit VR Little Endian", Coding.NATIVE);

  static final TransferSyntax EXPLICIT =
      new TransferSyntax(DICOM + ".1", "Explicit VR Little Endian", Coding.NATIVE);

  private static final TransferSyntax DEFLATED =
      new TransferSyntax(DICOM + ".1.99", "Deflated Explicit VR Little Endian", Coding.NATIVE);

  private static final TransferSyntax BIG_ENDIAN =
      new TransferSyntax(DICOM + ".2", "Explicit VR Big Endian", Coding.NATIVE);

  private static final List<TransferSyntax> KNOWN =
      List.of(
          IMPLICIT,
          EXPLICIT,
          DEFLATED,
          BIG_ENDIAN,
          of(".1.98", "Encapsulated Uncompressed Explicit VR Little Endian", Coding.UNREAD),
          of(".4.50", "JPEG Baseline (Process 1)", Coding.JPEG),
          of(".4.51", "JPEG Extended (Process 2 and 4)", Coding.JPEG),
          of(".4.53", "JPEG Spectral Selection (retired)", Coding.JPEG),
          of(".4.55", "JPEG Full Progression (retired)", Coding.JPEG),
          of(".4.57", "JPEG Lossless (Process 14)", Coding.JPEG_LOSSLESS),
          of(".4.70", "JPEG Lossless (Process 14, first-order)", Coding.JPEG_LOSSLESS),
          of(".4.80", "JPEG-LS Lossless", Coding.JPEG_LS),
          of(".4.81", "JPEG-LS Near-Lossless", Coding.JPEG_LS),
          of(".4.90", "JPEG 2000 Lossless", Coding.JPEG_2000),
          of(".4.91", "JPEG 2000", Coding.JPEG_2000),
          of(".4.92", "JPEG 2000 Part 2 Lossless", Coding.UNREAD),
          of(".4.93", "JPEG 2000 Part 2", Coding.UNREAD),
          of(".4.94", "JPIP Referenced", Coding.UNREAD),
          of(".4.95", "JPIP Referenced Deflate", Coding.UNREAD),
          of(".4.100", "MPEG2 Main Profile / Main Level", Coding.VIDEO),
          of(".4.100.1", "Fragmentable MPEG2 Main Profile / Main Level", Coding.VIDEO),
          of(".4.101", "MPEG2 Main Profile / High Level", Coding.VIDEO),
          of(".4.101.1", "Fragmentable MPEG2 Main Profile / High Level", Coding.VIDEO),
          of(".4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", Coding.VIDEO),
          of(".4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", Coding.VIDEO),
          of(".4.103", "MPEG-4 AVC/H.264 BD-compatible", Coding.VIDEO),
          of(".4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible", Coding.VIDEO),
          of(".4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D", Coding.VIDEO),
          of(".4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile 4.2", Coding.VIDEO),
          of(".4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D", Coding.UNREAD),
          of(".4.106", "MPEG-4 AVC/H.264 Stereo High Profile", Coding.UNREAD),
          of(".4.107", "HEVC/H.265 Main Profile / Level 5.1", Coding.VIDEO),
          of(".4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", Coding.VIDEO),
          of(".4.110", "JPEG XL Lossless", Coding.UNREAD),
          of(".4.111", "JPEG XL JPEG Recompression", Coding.UNREAD),
          of(".4.112", "JPEG XL", Coding.UNREAD),
          of(".4.201", "High-Throughput JPEG 2000 Lossless", Coding.UNREAD),
          of(".4.202", "High-Throughput JPEG 2000 RPCL Lossless", Coding.UNREAD),
          of(".4.203", "High-Throughput JPEG 2000", Coding.UNREAD),
          of(".5", "RLE Lossless", Coding.RLE));

  private static TransferSyntax of(String tail, String name, Coding coding) {
    return new TransferSyntax(DICOM + tail, name, coding);
  }

  /** The syntax that a file names; any unknown one is taken for explicit little endian. */
  static TransferSyntax named(String uid) {
    return KNOWN.stream()
        .filter(s -> s.uid.equals(uid))
        .findFirst()
        .orElseGet(() -> new TransferSyntax(printable(uid), "unknown", Coding.UNREAD));
  }

  /** A file may write anything where a UID is due. */
  private static String printable(String uid) {
    return UID.matcher(uid).matches() ? uid : "that is no UID";
  }

  boolean explicit() {
    return !equals(IMPLICIT);
  }

  boolean bigEndian() {
    return equals(BIG_ENDIAN);
  }

  boolean deflated() {
    return equals(DEFLATED);
  }

  /** Its name and UID for messages. */
  @Override
  public String toString() {
    return name + " (" + uid + ")";
  }
}
