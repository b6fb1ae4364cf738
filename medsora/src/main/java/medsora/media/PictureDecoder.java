package medsora.media;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A still picture (png, jpeg, tiff, bmp, webp, ppm), turned as its EXIF says.
 *
 * <p>Decoded by the readers that {@code javax.imageio} finds. Those of the JDK read png, jpeg, bmp
 * and most tiff; webp and the rest of jpeg and tiff want TwelveMonkeys' plug-ins beside them, which
 * leave the bits of plain pictures as the JDK's readers give them.
 */
final class PictureDecoder {
  /** The decoded picture, its RGB bytes, those turned, and room for the runtime's reader. */
  private static final int BYTES_PER_PIXEL = 14;

  private final Path file;
  private final String name;
  private final ReadLimits limits;
  private final PictureKind kind;
  private final PictureHead head;

  private PictureDecoder(Path file, ReadLimits limits) throws IOException {
    this.file = file;
    this.name = file.toString();
    this.limits = limits;
    limits.checkFile(name, Files.size(file));
    kind =
        PictureKind.of(file)
            .orElseThrow(() ->
                new VideoException(
                    name, "is not a picture that is read here (" + PictureKind.all() + ")"));
    head = PictureHead.read(file, kind);
    if (head.animated()) {
      throw new VideoException(name, "is an animated webp; convert it to gif, mp4 or pictures");
    }
  }

  /** Reads only the header; the size is that of the picture as it is shown. */
  static Pictures.Size size(Path file, ReadLimits limits) throws IOException {
    PictureDecoder decoder = new PictureDecoder(file, limits);
    return decoder.guarded(reader -> shown(decoder.orientation(reader), decoder.stored(reader)));
  }

  /** Reads a whole picture; alpha is dropped onto black, grey is repeated, 16 bits become 8. */
  static Clip picture(Path file, ReadLimits limits) throws IOException {
    PictureDecoder decoder = new PictureDecoder(file, limits);
    return decoder.kind == PictureKind.PPM
        ? PpmPicture.read(file, limits)
        : decoder.guarded(decoder::picture);
  }

  private Clip picture(ImageReader reader) throws IOException {
    Pictures.Size stored = stored(reader);
    limits.checkMemory(name, (long) stored.width() * stored.height() * BYTES_PER_PIXEL);
    Orientation orientation = orientation(reader);
    requireUnsigned(reader);
    JpegWarnings warnings = JpegWarnings.of(reader);
    byte[] rgb =
        switch (head.inks()) {
          case NONE -> PictureColours.rgb(reader.read(0));
          // A reader would take a profile that the machine happens to have.
          case CMYK -> PictureColours.jpegInks(reader.readRaster(0, null), false);
          case YCCK -> PictureColours.jpegInks(reader.readRaster(0, null), true);
        };
    Optional<String> lost =
        kind == PictureKind.JPEG ? warnings.lost(head.progressive()) : Optional.empty();
    if (lost.isPresent()) {
      throw new VideoException(name, "cut off or damaged (" + Printable.brief(lost.get()) + ")");
    }
    Pictures.Size shown = shown(orientation, stored);
    byte[] turned = rgb;
    if (!orientation.equals(Orientation.UPRIGHT)) {
      turned = new byte[rgb.length];
      orientation.apply(rgb, stored.width(), stored.height(), turned);
    }
    return Clip.of(name, shown.height(), shown.width(), List.of(turned));
  }

  private static Pictures.Size shown(Orientation orientation, Pictures.Size stored) {
    return new Pictures.Size(
        orientation.width(stored.width(), stored.height()),
        orientation.height(stored.width(), stored.height()));
  }

  private Pictures.Size stored(ImageReader reader) throws IOException {
    limits.checkSize(name, reader.getWidth(0), reader.getHeight(0));
    return new Pictures.Size(reader.getWidth(0), reader.getHeight(0));
  }

  /** That of a tiff is one of its fields, which its reader has read anyway. */
  private Orientation orientation(ImageReader reader) throws IOException {
    if (kind != PictureKind.TIFF) {
      return head.orientation();
    }
    return field(reader, "ImageOrientation").map(Orientation::named).orElse(Orientation.UPRIGHT);
  }

  /** Samples of 8 and 32 bits with a sign come in the same Java type as those without. */
  private void requireUnsigned(ImageReader reader) throws IOException {
    if (kind == PictureKind.TIFF && field(reader, "SampleFormat").orElse("").startsWith("Signed")) {
      throw new VideoException(name, "its samples are signed, wants 8 or 16 bits without sign");
    }
  }

  /** A value of ImageIO's standard metadata. */
  private static Optional<String> field(ImageReader reader, String name) throws IOException {
    IIOMetadata metadata = reader.getImageMetadata(0);
    if (metadata == null || !metadata.isStandardMetadataFormatSupported()) {
      return Optional.empty();
    }
    String format = IIOMetadataFormatImpl.standardMetadataFormatName;
    NodeList said = ((Element) metadata.getAsTree(format)).getElementsByTagName(name);
    return said.getLength() == 0
        ? Optional.empty()
        : Optional.of(((Element) said.item(0)).getAttribute("value"));
  }

  private interface Use<T> {
    T of(ImageReader reader) throws IOException;
  }

  private <T> T guarded(Use<T> use) throws IOException {
    try (Guarded guarded = new Guarded(name, limits.stallSeconds())) {
      return guarded.call(() -> contained(use));
    }
  }

  private <T> T contained(Use<T> use) throws IOException {
    try (ImageInputStream in = stream()) {
      ImageReader reader = reader(in);
      try {
        reader.setInput(in, true, kind != PictureKind.TIFF);
        return use.of(reader);
      } finally {
        reader.dispose();
      }
    } catch (VideoException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // ImageIO answers damaged files with many kinds of unchecked exceptions.
      throw new VideoException(
          name, "damaged or unsupported picture (" + Printable.brief(Pictures.reason(e)) + ")", e);
    }
  }

  /** What the plug-ins bring for files has a buffer, which that of the JDK has not. */
  private ImageInputStream stream() throws IOException {
    ImageInputStream in = ImageIO.createImageInputStream(file.toFile());
    if (in == null) {
      throw new VideoException(name, "this Java runtime has no stream of picture files");
    }
    return in;
  }

  private ImageReader reader(ImageInputStream in) throws IOException {
    for (Iterator<ImageReader> all = ImageIO.getImageReaders(in); all.hasNext(); ) {
      ImageReader reader = all.next();
      if (kind.isFormat(reader.getFormatName())) {
        return reader;
      }
      reader.dispose();
    }
    throw new VideoException(
        name,
        "is a %s, for which this Java runtime has no reader: add TwelveMonkeys' ImageIO plug-ins"
                .formatted(kind.title())
            + " to the class path (com.twelvemonkeys.imageio:imageio-"
            + kind.title()
            + ")");
  }
}
