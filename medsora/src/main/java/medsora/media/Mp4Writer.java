package medsora.media;

import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jcodec.codecs.h264.H264Encoder;
import org.jcodec.codecs.h264.encode.RateControl;
import org.jcodec.codecs.h264.io.model.SliceType;
import org.jcodec.common.Codec;
import org.jcodec.common.MuxerTrack;
import org.jcodec.common.VideoCodecMeta;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Size;
import org.jcodec.containers.mp4.muxer.MP4Muxer;
import org.jspecify.annotations.Nullable;

/**
 * Writes H.264 Baseline in mp4, frame by frame: 4:2:0, BT.601 limited range, constant quantiser. An
 * odd width or height grows by one repeated column or row, for 4:2:0 knows even sizes only. The
 * file appears under its name when {@link #close} has finished it.
 */
public final class Mp4Writer implements AutoCloseable {
  private static final int QUANTISER = 16;
  private static final int TICKS = 1000;

  private final Path file;
  private final Path part;
  private final int width;
  private final int height;
  private final int timescale;
  private final SeekableByteChannel channel;
  private final MP4Muxer muxer;
  private final MuxerTrack track;
  private final Quality quality = new Quality();
  private final H264Encoder encoder = new H264Encoder(quality);
  private final Picture picture;
  private long frames;
  private boolean failed;
  private @Nullable Label label;

  /** A quantiser that can be raised for a frame that would not fit. */
  private static final class Quality implements RateControl {
    private int quantiser = QUANTISER;

    @Override
    public int startPicture(Size size, int maxSize, SliceType type) {
      return quantiser;
    }

    @Override
    public int initialQpDelta() {
      return 0;
    }

    @Override
    public int accept(int bits) {
      return 0;
    }
  }

  /**
   * Opens a file.
   *
   * @param fps frames per second, above 0, at most 1000
   */
  public Mp4Writer(Path file, int height, int width, double fps) throws IOException {
    if (height < 1 || width < 1 || !(fps > 0 && fps <= 1000)) {
      throw new IllegalArgumentException(
          "[mp4] cannot write %dx%d at %s frames per second".formatted(width, height, fps));
    }
    JcodecLog.quiet();
    this.file = file;
    this.width = width;
    this.height = height;
    this.timescale = Math.max(1, (int) Math.round(fps * TICKS));
    Files.createDirectories(file.toAbsolutePath().getParent());
    part = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".part");
    int evenWidth = width + (width & 1);
    int evenHeight = height + (height & 1);
    picture = Picture.create(evenWidth, evenHeight, ColorSpace.YUV420J);
    encoder.setKeyInterval(25);
    channel = NIOUtils.writableChannel(part.toFile());
    muxer = MP4Muxer.createMP4MuxerToChannel(channel);
    track =
        muxer.addVideoTrack(
            Codec.H264,
            VideoCodecMeta.createSimpleVideoCodecMeta(
                new Size(evenWidth, evenHeight), ColorSpace.YUV420J));
  }

  /** Writes a whole clip, whose rate must be known. */
  public static void write(Path file, Clip clip) throws IOException {
    if (clip.length() == 0) {
      throw new IllegalArgumentException("[mp4] no frames to write to " + file);
    }
    try (Mp4Writer writer = new Mp4Writer(file, clip.height(), clip.width(), clip.knownRate())) {
      writer.label = clip.label().orElse(null);
      for (byte[] frame : clip.frames()) {
        writer.add(frame);
      }
    }
  }

  /**
   * Appends a frame.
   *
   * @param rgb [height, width, 3]
   */
  public void add(byte[] rgb) throws IOException {
    if (rgb.length != height * width * 3) {
      throw new IllegalArgumentException(
          "[mp4] %s wants %d bytes per frame, got %d"
              .formatted(file, height * width * 3, rgb.length));
    }
    failed = true;
    RgbToYuv.convert(rgb, height, width, picture);
    boolean key = frames % encoder.getKeyInterval() == 0;
    ByteBuffer data = encode();
    Packet packet =
        Packet.createPacket(
            data,
            frames * TICKS,
            timescale,
            TICKS,
            frames,
            key ? Packet.FrameType.KEY : Packet.FrameType.INTER,
            null);
    track.addFrame(packet);
    frames++;
    failed = false;
  }

  /** Encodes; pure noise at this quality can outgrow the encoder's buffer, so quality yields. */
  private ByteBuffer encode() throws IOException {
    quality.quantiser = QUANTISER;
    int room = picture.getWidth() * picture.getHeight() * 4 + (1 << 16);
    while (true) {
      try {
        return frames % encoder.getKeyInterval() == 0
            ? encoder.encodeIDRFrame(picture, ByteBuffer.allocate(room))
            : encoder.doEncodeFrame(
                picture,
                ByteBuffer.allocate(room),
                false,
                (int) (frames % encoder.getKeyInterval()),
                SliceType.P);
      } catch (BufferOverflowException | ArrayIndexOutOfBoundsException e) {
        quality.quantiser += 6;
        if (quality.quantiser > 51) {
          throw new VideoException(file.toString(), "frame " + frames + " cannot be encoded", e);
        }
      }
    }
  }

  /**
   * Finishes the file and gives it its name; after a failed {@link #add}, removes it.
   *
   * @throws IOException when no frame was written
   */
  @Override
  public void close() throws IOException {
    long header = 0;
    try {
      if (frames > 0 && !failed) {
        header = channel.position();
        muxer.finish();
      }
    } finally {
      channel.close();
      if (frames == 0 || failed) {
        Files.deleteIfExists(part);
      }
    }
    if (frames > 0 && !failed) {
      Mp4Times.clear(part, header);
      if (label != null) {
        Mp4Label.append(part, header, label);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } else if (!failed) {
      throw new VideoException(file.toString(), "no frames were written");
    }
  }
}
