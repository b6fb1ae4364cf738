package medsora.media;

import engine.io.Printable;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.stream.ImageInputStream;
import medsora.media.jpeg.StrayBytes;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A still picture (png, jpeg, tiff, bmp, webp, ppm, pgm), turned as its EXIF says.
 *
 * <p>Decoded by the readers that {@code javax.imageio} finds. Those of the JDK read png, jpeg, bmp
 * and most tiff; webp and the rest of jpeg and tiff want TwelveMonkeys' plug-ins beside them, which
 * leave the bits of plain pictures as the JDK's readers give them.
 */
final class PictureDecoder {
  /** The decoded picture, its RGB bytes, those turned, and room for the runtime's reader. */
  private static final int BYTES_PER_PIXEL = 14;

  private static final int FEW_STRAY = 16;

  /** What readers say of files that are whole. */
  private static final Pattern UNREAD =
      Pattern.compile("^(Unknown TIFF Compression|Unsupported |its samples are )");

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
      throw new VideoException(
          name, "is an animated %s; convert it to gif, mp4 or pictures".formatted(kind.title()));
    }
    if (!head.unread().isEmpty()) {
      throw new VideoException(
          name, "is %s, which is not read: convert it to png".formatted(head.unread()));
    }
  }

  /** Reads only the header; the size is that of the picture as it is shown. */
  static Pictures.Size size(Path file, ReadLimits limits) throws IOException {
    PictureDecoder decoder = new PictureDecoder(file, limits);
    return decoder.guarded(
        reader -> shown(decoder.orientation(reader, 0), decoder.stored(reader, 0)));
  }

  /** Reads a whole picture; alpha is dropped onto black, grey is repeated, 16 bits become 8. */
  static Clip picture(Path file, ReadLimits limits) throws IOException {
    PictureDecoder decoder = new PictureDecoder(file, limits);
    if (decoder.kind == PictureKind.PNM) {
      return PnmPicture.read(file, limits);
    }
    return decoder.head.lossless()
        ? decoder.lossless()
        : decoder.guarded(reader -> decoder.picture(reader, 0));
  }

  private Clip lossless() throws IOException {
    Clip stored = LosslessPicture.read(file, limits);
    Pictures.Size size = new Pictures.Size(stored.width(), stored.height());
    return turned(stored.frames().getFirst(), head.orientation(), size);
  }

  private Clip picture(ImageReader reader, int page) throws IOException {
    Pictures.Size stored = stored(reader, page);
    limits.checkMemory(name, (long) stored.width() * stored.height() * BYTES_PER_PIXEL);
    Orientation orientation = orientation(reader, page);
    requireUnsigned(reader, page);
    JpegWarnings warnings = JpegWarnings.of(reader);
    byte[] rgb =
        switch (head.inks()) {
          case NONE -> PictureColours.rgb(reader.read(page));
          // A reader would take a profile that the machine happens to have.
          case CMYK -> PictureColours.jpegInks(reader.readRaster(0, null), false);
          case YCCK -> PictureColours.jpegInks(reader.readRaster(0, null), true);
        };
    Optional<String> lost =
        kind == PictureKind.JPEG
            ? warnings.lost(head.progressive()).or(() -> stray(warnings))
            : Optional.empty();
    if (lost.isPresent()) {
      throw new VideoException(name, "cut off or damaged (" + Printable.brief(lost.get()) + ")");
    }
    return turned(rgb, orientation, stored);
  }

  /** Many bytes that are no pixels: the decoder lost its way. Cameras leave one or two. */
  private Optional<String> stray(JpegWarnings warnings) {
    return warnings.said().stream()
        .filter(w -> StrayBytes.count(w) > FEW_STRAY)
        .filter(w -> StrayBytes.data(w, jpeg()))
        .findFirst();
  }

  private byte[] jpeg() {
    try {
      limits.checkMemory(name, Files.size(file));
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Clip turned(byte[] rgb, Orientation orientation, Pictures.Size stored) {
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

  private Pictures.Size stored(ImageReader reader, int page) throws IOException {
    limits.checkSize(name, reader.getWidth(page), reader.getHeight(page));
    return new Pictures.Size(reader.getWidth(page), reader.getHeight(page));
  }

  /** That of a tiff is one of its fields, which its reader has read anyway. */
  private Orientation orientation(ImageReader reader, int page) throws IOException {
    if (kind != PictureKind.TIFF) {
      return head.orientation();
    }
    return field(reader, page, "ImageOrientation")
        .map(Orientation::named)
        .orElse(Orientation.UPRIGHT);
  }

  /** Samples of 8 and 32 bits with a sign come in the same Java type as those without. */
  private void requireUnsigned(ImageReader reader, int page) throws IOException {
    if (kind == PictureKind.TIFF
        && field(reader, page, "SampleFormat").orElse("").startsWith("Signed")) {
      throw new VideoException(name, "its samples are signed, wants 8 or 16 bits without sign");
    }
  }

  /** A value of ImageIO's standard metadata. */
  private static Optional<String> field(ImageReader reader, int page, String name)
      throws IOException {
    IIOMetadata metadata = reader.getImageMetadata(page);
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
    try (Opened file = new Opened()) {
      return use.of(file.reader);
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw failed(e);
    }
  }

  /** ImageIO answers damaged files with many kinds of unchecked exceptions. */
  private VideoException failed(Throwable e) {
    if (e instanceof VideoException own) {
      return own;
    }
    String said = e.getMessage() == null ? "" : Printable.brief(e.getMessage());
    if (e instanceof EOFException) {
      said = "it ends too early";
    }
    if (e instanceof IOException && UNREAD.matcher(said).find()) {
      return new VideoException(name, "is not read (%s): convert it to png".formatted(said), e);
    }
    String why = said.isEmpty() ? "" : " (" + said + ")";
    return new VideoException(name, "damaged or unsupported picture" + why, e);
  }

  /** A file with its reader. */
  private final class Opened implements Closeable {
    final ImageInputStream in = stream();
    final ImageReader reader;

    Opened() throws IOException {
      try {
        reader = reader(in);
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
      reader.setInput(in, true, kind != PictureKind.TIFF);
    }

    @Override
    public void close() throws IOException {
      reader.dispose();
      in.close();
    }
  }

  /** A file of several pages that stays open, so that its list of them is read once. */
  static final class Pages implements Closeable {
    private final PictureDecoder decoder;
    private final Guarded guarded;
    private @Nullable Opened file;

    Pages(Path file, ReadLimits limits) throws IOException {
      decoder = new PictureDecoder(file, limits);
      guarded = new Guarded(decoder.name, limits.stallSeconds());
    }

    /**
     * Reads a page as a clip of one frame.
     *
     * @param page from 0; not one before that of the last call
     */
    Clip picture(int page) throws IOException {
      return guarded.call(() -> contained(page));
    }

    private Clip contained(int page) throws IOException {
      try {
        Opened opened = file == null ? decoder.new Opened() : file;
        file = opened;
        return decoder.picture(opened.reader, page);
      } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw decoder.failed(e);
      }
    }

    @Override
    public void close() throws IOException {
      guarded.close();
      if (file != null) {
        file.close();
      }
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
