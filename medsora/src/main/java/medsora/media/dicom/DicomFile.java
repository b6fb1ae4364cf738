package medsora.media.dicom;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import org.jspecify.annotations.Nullable;

/**
 * A DICOM file whose data set has been read up to the pixel data (part 10, section 7): with or
 * without the preamble of 128 bytes.
 *
 * @param name its path, for messages alone
 * @param syntax how it is encoded
 * @param data its kept attributes
 * @param pixels where the pixel data begin, or null where it has none
 * @param input at the first byte of the pixel data
 */
record DicomFile(
    String name,
    TransferSyntax syntax,
    DataSet data,
    ElementReader.@Nullable Pixels pixels,
    DicomInput input)
    implements Closeable {
  private static final int PREAMBLE = 128;
  private static final byte[] MAGIC = {'D', 'I', 'C', 'M'};

  /** Whether a file begins as DICOM does. */
  static boolean begins(byte[] head) {
    return head.length >= PREAMBLE + 4
        && Arrays.equals(MAGIC, Arrays.copyOfRange(head, PREAMBLE, PREAMBLE + 4));
  }

  static DicomFile open(Path path, ReadLimits limits) throws IOException {
    String name = path.toString();
    limits.checkFile(name, Files.size(path));
    InputStream stream = Files.newInputStream(path);
    try {
      return read(name, new DicomInput(name, stream, "byte"));
    } catch (IOException | RuntimeException | Error e) {
      stream.close();
      throw e;
    }
  }

  private static DicomFile read(String name, DicomInput input) throws IOException {
    if (begins(input.peek(PREAMBLE + 4))) {
      input.skip(PREAMBLE + 4);
    } else if (!plausible(input.peek(8))) {
      throw new VideoException(name, "is no DICOM file: neither DICM at byte 128 nor a data set");
    }
    DataSet information = new ElementReader(input, false).information();
    String uid = information.text(Tags.TRANSFER_SYNTAX);
    TransferSyntax syntax = uid.isEmpty() ? guessed(input.peek(6)) : TransferSyntax.named(uid);
    DicomInput body = input;
    if (syntax.deflated()) {
      body = new DicomInput(name, new Bare(input.rest()), "byte of the inflated data set");
    }
    ElementReader reader = new ElementReader(body, syntax.bigEndian());
    DataSet data = reader.dataSet(syntax.explicit());
    return new DicomFile(name, syntax, data, reader.pixels(), body);
  }

  /** Deflated data without a header, whose native memory goes when the stream is closed. */
  private static final class Bare extends InflaterInputStream {
    Bare(InputStream in) {
      super(in, new Inflater(true));
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }

  /** A data set without the part before it begins with group 2 or 8, little endian. */
  private static boolean plausible(byte[] head) {
    return head.length == 8 && (head[0] == 2 || head[0] == 8) && head[1] == 0 && head[3] == 0;
  }

  /** Without a named syntax: explicit where letters follow the first tag. */
  private static TransferSyntax guessed(byte[] ahead) {
    boolean letters =
        ahead.length == 6
            && ahead[4] >= 'A'
            && ahead[4] <= 'Z'
            && ahead[5] >= 'A'
            && ahead[5] <= 'Z';
    return letters ? TransferSyntax.EXPLICIT : TransferSyntax.IMPLICIT;
  }

  /** Refuses an object without pictures, telling which kind it is. */
  void requirePictures() throws VideoException {
    if (pixels == null) {
      throw new VideoException(name, "DICOM, but " + ObjectKind.of(data.text(Tags.SOP_CLASS)));
    }
    if (pixels.tag() != Tags.PIXELS) {
      throw new VideoException(
          name, "DICOM with floating-point pixels, which are a measurement and not a picture");
    }
  }

  /** Where the pixel data begin, after {@link #requirePictures}. */
  ElementReader.Pixels pixelData() throws VideoException {
    if (pixels == null) {
      throw new VideoException(name, "DICOM without pixel data");
    }
    return pixels;
  }

  /** The fault of pixels in a syntax that nothing here reads. */
  VideoException unread(String why) {
    return new VideoException(
        name,
        "DICOM, transfer syntax "
            + syntax
            + ": "
            + why
            + "; convert it first: gdcmconv --raw IN OUT, or dcmdjpeg, dcmdjpls IN OUT");
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
