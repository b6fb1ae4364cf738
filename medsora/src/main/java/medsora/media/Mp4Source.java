package medsora.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jcodec.codecs.h264.H264Decoder;
import org.jcodec.codecs.h264.H264Utils;
import org.jcodec.codecs.h264.io.model.PictureParameterSet;
import org.jcodec.codecs.h264.io.model.SeqParameterSet;
import org.jcodec.common.Codec;
import org.jcodec.common.DemuxerTrack;
import org.jcodec.common.DemuxerTrackMeta;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.jcodec.common.model.ColorSpace;
import org.jcodec.common.model.Packet;
import org.jcodec.common.model.Picture;
import org.jcodec.common.model.Rect;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;
import org.jspecify.annotations.Nullable;

/**
 * H.264 in mp4 or mov through JCodec: progressive 8-bit 4:2:0 of the Baseline, Main and High
 * profiles. Anything else is refused by name before the first frame.
 *
 * <p>JCodec delivers frames in decoding order; they are put back into the order of their timestamps
 * with a queue of 16 frames, the most that H.264 allows a stream to reorder by.
 *
 * <p>JCodec's arithmetic decoder loops for ever at the end of a damaged slice. Each slice is
 * therefore followed by bytes in which every such loop soon ends, and a time limit stands behind
 * that.
 */
final class Mp4Source implements FrameSource {
  private static final int REORDER = 16;
  private static final int MAX_PADDING = 1 << 20;

  /** H.264's own bound; the decoder reserves memory by it. */
  private static final int MAX_LOG2_MINUS_4 = 12;

  /** Held at once: those waiting for their turn, references, the one being decoded, its RGB. */
  private static final int PICTURES = 2 * REORDER + 3;

  /** A decoded picture waiting for its turn. */
  private record Pending(long pts, long number, Picture picture) {}

  private final String name;
  private final ReadLimits limits;
  private final SeekableByteChannel channel;
  private final Guarded guarded;
  private final DemuxerTrack track;
  private final H264Decoder decoder;
  private final SeqParameterSet sps;
  private final YuvToRgb converter;
  private final byte[] padding;
  private final int width;
  private final int height;
  private final PriorityQueue<Pending> pending =
      new PriorityQueue<>(Comparator.comparingLong(Pending::pts).thenComparing(Pending::number));
  private long decoded;
  private long delivered;
  private boolean drained;

  Mp4Source(Path file, ReadLimits limits) throws IOException {
    this.name = file.toString();
    this.limits = limits;
    limits.checkFile(name, Files.size(file));
    Mp4Boxes.check(file, limits);
    JcodecLog.quiet();
    channel = NIOUtils.readableChannel(file.toFile());
    guarded = new Guarded(name, limits.stallSeconds());
    try {
      track = guarded.call(this::videoTrack);
      DemuxerTrackMeta meta = guarded.call(track::getMeta);
      sps = parameters(meta);
      long codedWidth = (sps.picWidthInMbsMinus1 + 1L) * 16;
      long codedHeight = (sps.picHeightInMapUnitsMinus1 + 1L) * 16;
      long shownWidth = codedWidth - cropped(sps, true);
      long shownHeight = codedHeight - cropped(sps, false);
      limits.checkSize(name, codedWidth, codedHeight);
      limits.checkSize(name, shownWidth, shownHeight);
      limits.checkMemory(name, codedWidth * codedHeight * 3 / 2 * PICTURES);
      width = (int) shownWidth;
      height = (int) shownHeight;
      converter = new YuvToRgb(width, height, 1, 1, matrix(), fullRange());
      padding = padding(meta);
      decoder = H264Decoder.createH264DecoderFromCodecPrivate(meta.getCodecPrivate());
    } catch (VideoException e) {
      close();
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw failed("cannot be opened by the built-in decoder", e);
    }
  }

  private UnsupportedVideoException failed(String what, Throwable e) {
    return new UnsupportedVideoException(name, what + " (" + Pictures.reason(e) + ")", e);
  }

  private DemuxerTrack videoTrack() throws IOException {
    DemuxerTrack found = MP4Demuxer.createMP4Demuxer(channel).getVideoTrack();
    if (found == null) {
      throw new UnsupportedVideoException(name, "the built-in decoder finds no video track");
    }
    return found;
  }

  private SeqParameterSet parameters(DemuxerTrackMeta meta) throws VideoException {
    if (meta.getCodec() != Codec.H264) {
      throw new UnsupportedVideoException(
          name, "codec " + meta.getCodec() + " is beyond the built-in decoder (H.264 only)");
    }
    if (meta.getOrientation() != null
        && meta.getOrientation() != DemuxerTrackMeta.Orientation.D_0) {
      throw new UnsupportedVideoException(name, "rotated by its container");
    }
    List<ByteBuffer> sets = H264Utils.getRawSPS(meta.getCodecPrivate().duplicate());
    if (sets.isEmpty()) {
      throw new UnsupportedVideoException(name, "holds no H.264 parameters");
    }
    SeqParameterSet s = SeqParameterSet.read(sets.getFirst().duplicate());
    String why = unsupported(s);
    if (why != null) {
      throw new UnsupportedVideoException(
          name, "codec H.264 " + why + " is beyond the built-in decoder");
    }
    return s;
  }

  /** What keeps JCodec from decoding such a stream exactly, or null. */
  private static @Nullable String unsupported(SeqParameterSet s) {
    String profile =
        switch (s.profileIdc) {
          case 66 -> "Baseline";
          case 77 -> "Main";
          case 100 -> "High";
          case 88 -> "Extended";
          case 110 -> "High 10";
          case 122 -> "High 4:2:2";
          case 244 -> "High 4:4:4 Predictive";
          default -> "profile " + s.profileIdc;
        };
    if (s.profileIdc != 66 && s.profileIdc != 77 && s.profileIdc != 100) {
      return profile;
    }
    if (s.bitDepthLumaMinus8 != 0 || s.bitDepthChromaMinus8 != 0) {
      return profile + " with more than 8 bits";
    }
    if (s.chromaFormatIdc != ColorSpace.YUV420 && s.chromaFormatIdc != ColorSpace.YUV420J) {
      return profile + " with chroma other than 4:2:0";
    }
    if (s.numRefFrames < 0
        || s.numRefFrames > REORDER
        || s.log2MaxFrameNumMinus4 < 0
        || s.log2MaxFrameNumMinus4 > MAX_LOG2_MINUS_4) {
      return profile + " with impossible parameters";
    }
    return s.frameMbsOnlyFlag ? null : profile + " interlaced";
  }

  private static long cropped(SeqParameterSet s, boolean horizontal) {
    if (!s.frameCroppingFlag) {
      return 0;
    }
    int before = horizontal ? s.frameCropLeftOffset : s.frameCropTopOffset;
    int after = horizontal ? s.frameCropRightOffset : s.frameCropBottomOffset;
    // Negative where the file's number is beyond 31 bits: more than any frame has.
    return before < 0 || after < 0 ? Integer.MAX_VALUE : 2L * before + 2L * after;
  }

  private YuvToRgb.Matrix matrix() {
    if (sps.vuiParams == null || !sps.vuiParams.colourDescriptionPresentFlag) {
      return YuvToRgb.Matrix.BT601;
    }
    return switch (sps.vuiParams.matrixCoefficients) {
      case 1 -> YuvToRgb.Matrix.BT709;
      case 9, 10 -> YuvToRgb.Matrix.BT2020;
      default -> YuvToRgb.Matrix.BT601;
    };
  }

  private boolean fullRange() {
    return sps.vuiParams != null
        && sps.vuiParams.videoSignalTypePresentFlag
        && sps.vuiParams.videoFullRangeFlag;
  }

  /** Bytes for the end of each slice; none where the entropy code reads its end off the data. */
  private byte[] padding(DemuxerTrackMeta meta) {
    boolean arithmetic = false;
    for (ByteBuffer set : H264Utils.getRawPPS(meta.getCodecPrivate().duplicate())) {
      arithmetic |= PictureParameterSet.read(set.duplicate()).entropyCodingModeFlag;
    }
    if (!arithmetic) {
      return new byte[0];
    }
    int blocks = (sps.picWidthInMbsMinus1 + 1) * (sps.picHeightInMapUnitsMinus1 + 1);
    byte[] bytes = new byte[Math.min(blocks * 256 + 1024, MAX_PADDING)];
    int state = 1;
    for (int i = 0; i < bytes.length; i++) {
      state = state * 1664525 + 1013904223;
      // Never zero: three zero bytes would look like the start of another unit.
      bytes[i] = (byte) (state >>> 24 | 1);
    }
    return bytes;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  /** Frames handed out so far. */
  long delivered() {
    return delivered;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    while (!drained && pending.size() <= REORDER) {
      decodeOne();
    }
    Pending first = pending.poll();
    if (first == null) {
      if (delivered == 0) {
        throw new UnsupportedVideoException(name, "holds no frames");
      }
      return false;
    }
    limits.checkFrame(name, delivered);
    try {
      convert(first.picture, rgb);
    } catch (IndexOutOfBoundsException e) {
      throw failed("its frame " + delivered + " is not as large as it says", e);
    }
    delivered++;
    return true;
  }

  private void decodeOne() throws IOException {
    try {
      Packet packet = guarded.call(track::nextFrame);
      if (packet == null) {
        drained = true;
        return;
      }
      Picture picture =
          guarded.call(() -> decoder.decodeFrameFromNals(units(packet.getData()), buffers()));
      if (picture == null) {
        throw new UnsupportedVideoException(name, "no picture in packet " + decoded);
      }
      checkSize(picture);
      pending.add(new Pending(packet.getPts(), decoded++, picture));
    } catch (VideoException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      throw failed("the built-in decoder fails at frame " + decoded, e);
    }
  }

  /** The packet's units, slices with padding behind them. */
  private List<ByteBuffer> units(ByteBuffer packet) {
    List<ByteBuffer> out = new ArrayList<>();
    for (ByteBuffer unit : H264Utils.splitFrame(packet)) {
      int type = unit.hasRemaining() ? unit.get(unit.position()) & 0x1f : 0;
      if (padding.length > 0 && (type == 1 || type == 5)) {
        out.add(
            ByteBuffer.allocate(unit.remaining() + padding.length).put(unit).put(padding).flip());
      } else {
        out.add(unit);
      }
    }
    return out;
  }

  /** Planes for one coded picture; the decoder keeps them as references, so each is new. */
  private byte[][] buffers() {
    int w = (sps.picWidthInMbsMinus1 + 1) * 16;
    int h = (sps.picHeightInMapUnitsMinus1 + 1) * 16;
    return new byte[][] {new byte[w * h], new byte[w * h / 4], new byte[w * h / 4]};
  }

  private void checkSize(Picture p) throws VideoException {
    if (p.getCroppedWidth() != width || p.getCroppedHeight() != height) {
      throw new UnsupportedVideoException(
          name,
          "the frame size changes from %dx%d to %dx%d"
              .formatted(width, height, p.getCroppedWidth(), p.getCroppedHeight()));
    }
  }

  private void convert(Picture p, byte[] rgb) {
    Rect crop = p.getCrop();
    int left = crop == null ? 0 : crop.getX();
    int top = crop == null ? 0 : crop.getY();
    List<YuvToRgb.Plane> planes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int shift = i == 0 ? 0 : 1;
      int stride = p.getPlaneWidth(i);
      int offset = (top >> shift) * stride + (left >> shift);
      planes.add(new YuvToRgb.Plane(p.getPlaneData(i), offset, stride, 0x80));
    }
    converter.convert(planes.get(0), planes.get(1), planes.get(2), rgb);
  }

  @Override
  public void close() throws IOException {
    pending.clear();
    guarded.close();
    channel.close();
  }
}
