package medsora.media.dicom;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import medsora.media.CodedPictures;
import medsora.media.CodedPictures.Coding;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.dicom.PixelLayout.Colour;
import medsora.media.jpeg.JpegHeader;
import org.jspecify.annotations.Nullable;

/**
 * Frames that the {@code ffmpeg} program decodes: their code streams, and nothing else of the file,
 * go through a {@link Temporary}. Where a file is cut off, those before the cut do.
 */
final class CodedFrames implements Frames {
  /** Reads the header of a coded picture. */
  private interface Parser {
    StreamHeader header(byte[] frame) throws IOException;
  }

  /** What ffmpeg is asked for: names of samples that its decoder gives without a conversion. */
  private record Delivery(Coding coding, int container, Colour colour) {
    String format(int samples) {
      return samples == 3 ? "rgb24" : container == 8 ? "gray" : "gray16le";
    }

    int bytes() {
      return container == 8 ? 1 : 2;
    }
  }

  private final PixelLayout layout;
  private final Temporary temporary;
  private final StreamHeader header;
  private final Delivery delivery;
  private final CodedPictures pictures;
  private final @Nullable VideoException cut;
  private int left;

  private CodedFrames(
      DicomFile file, PixelLayout layout, Written written, Delivery delivery, ReadLimits limits)
      throws IOException {
    this.layout = layout;
    this.temporary = written.file;
    this.header = written.header;
    this.left = written.frames;
    this.cut = written.cut;
    this.delivery = delivery;
    try {
      String format = delivery.format(layout.samples());
      pictures = new CodedPictures(file.name(), temporary.path(), delivery.coding, format, limits);
    } catch (IOException | RuntimeException e) {
      temporary.close();
      throw e;
    }
  }

  /**
   * Those JPEGs that {@link JpegHeader#external} allows.
   *
   * @param first the first of them
   */
  static Frames jpeg(
      DicomFile file, Fragments fragments, PixelLayout layout, ReadLimits limits, byte[] first)
      throws IOException {
    JpegHeader jpeg = JpegHeader.of(first, fragments);
    Parser parser =
        frame -> {
          JpegHeader h = JpegHeader.of(frame, fragments);
          if (h.process() != jpeg.process() || !h.external()) {
            throw file.unread("its JPEGs are of several kinds");
          }
          return StreamHeader.of(h);
        };
    Written written = write(fragments, layout, first, parser);
    // The decoder moves samples of 12 bits to the top of 16.
    Delivery delivery = new Delivery(Coding.JPEG, 16, layout.colour());
    return new CodedFrames(file, layout, written, delivery, limits);
  }

  static Frames jpegLs(
      DicomFile file, ElementReader.Pixels pixels, PixelLayout layout, ReadLimits limits)
      throws IOException {
    Fragments fragments = new Fragments(file, pixels, layout.frames(), (byte) 0xff, (byte) 0xd8);
    Written written =
        write(fragments, layout, fragments.next(), f -> StreamHeader.jpegLs(f, fragments));
    int bits = written.header.bits();
    // The decoder leaves samples of fewer bits at the bottom of 16.
    StreamHeader low =
        new StreamHeader(
            layout.columns(), layout.rows(), layout.samples(), bits > 8 ? 16 : 8, false, false);
    Delivery delivery = new Delivery(Coding.JPEG_LS, low.bits(), plain(layout));
    return new CodedFrames(
        file,
        layout,
        new Written(written.file, written.frames, low, written.cut),
        delivery,
        limits);
  }

  static Frames jpeg2000(
      DicomFile file, ElementReader.Pixels pixels, PixelLayout layout, ReadLimits limits)
      throws IOException {
    Fragments fragments = new Fragments(file, pixels, layout.frames(), (byte) 0xff, (byte) 0x4f);
    Parser parser =
        frame -> {
          StreamHeader known = StreamHeader.jpeg2000(frame, fragments);
          if (!StreamHeader.isEven(frame)) {
            // ffmpeg would convert them.
            throw file.unread("its JPEG 2000 has components of several depths or sizes");
          }
          return known;
        };
    Written written = write(fragments, layout, fragments.next(), parser);
    StreamHeader header = written.header;
    // The decoder moves samples to the top of 8 or 16 bits. Asked for 10 or 12, ffmpeg would round.
    int container = header.bits() > 8 ? 16 : 8;
    Colour colour = header.transformed() ? Colour.RGB : plain(layout);
    return new CodedFrames(
        file, layout, written, new Delivery(Coding.JPEG_2000, container, colour), limits);
  }

  /** Without a transform in the stream, its samples are what the file says. */
  private static Colour plain(PixelLayout layout) {
    return switch (layout.colour()) {
      case YBR_FULL_422 -> Colour.YBR_FULL;
      case YBR_ICT, YBR_RCT -> Colour.RGB;
      default -> layout.colour();
    };
  }

  /** The code streams, all alike, and what is wrong with the one behind them. */
  private record Written(
      Temporary file, int frames, StreamHeader header, @Nullable VideoException cut) {}

  private static Written write(
      Fragments fragments, PixelLayout layout, byte @Nullable [] first, Parser parser)
      throws IOException {
    if (first == null) {
      throw fragments.fault("no frame in the pixel data");
    }
    StreamHeader header = parser.header(first);
    header.check(layout, fragments);
    Temporary file = new Temporary();
    int frames = 0;
    VideoException cut = null;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.path()))) {
      for (byte[] frame = first; frame != null; frame = fragments.next()) {
        if (!parser.header(frame).equals(header)) {
          throw fragments.fault("frames that are coded in different ways");
        }
        out.write(frame);
        frames++;
      }
    } catch (VideoException e) {
      // The first one is whole.
      cut = e;
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
    return new Written(file, frames, header, cut);
  }

  @Override
  public @Nullable Picture next() throws IOException {
    if (left == 0 && cut != null) {
      throw cut;
    }
    if (left == 0) {
      return null;
    }
    left--;
    byte[] samples =
        new byte[Math.multiplyExact(layout.pixels(), layout.samples() * delivery.bytes())];
    pictures.next(samples);
    int shift = delivery.container - header.bits();
    int middle = header.signed() ? 1 << (header.bits() - 1) : 0;
    if (shift > 0 || middle > 0) {
      restore(samples, shift, middle);
    }
    int high = Math.min(layout.stored(), header.bits()) - 1;
    return new Picture(samples, delivery.colour, delivery.bytes(), high);
  }

  /** Undoes what the decoder does to samples: moved up, and signed ones made positive. */
  private void restore(byte[] samples, int shift, int middle) {
    if (delivery.bytes() == 1) {
      for (int i = 0; i < samples.length; i++) {
        samples[i] = (byte) (((samples[i] & 0xff) >> shift) - middle);
      }
      return;
    }
    for (int i = 0; i < samples.length; i += 2) {
      int stored = (samples[i] & 0xff) | (samples[i + 1] & 0xff) << 8;
      int value = (stored >> shift) - middle;
      samples[i] = (byte) value;
      samples[i + 1] = (byte) (value >> 8);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      pictures.close();
    } finally {
      temporary.close();
    }
  }
}
