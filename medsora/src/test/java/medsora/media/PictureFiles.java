package medsora.media;

import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Picture files of every kind for tests, made byte by byte where no writer makes them. */
final class PictureFiles {
  /**
   * Lossless, 4x2: red 60 x, green 200 y, blue 77. Made by {@code ffmpeg -f lavfi -i
   * "color=c=red:s=4x2,format=rgb24,geq=r='X*60':g='Y*200':b='77'" -frames:v 1 -c:v libwebp
   * -lossless 1 -pix_fmt bgra a.webp}, FFmpeg 5.1.
   */
  static final byte[] WEBP =
      Base64.getDecoder()
          .decode("UklGRjAAAABXRUJQVlA4TCQAAAAvA0AAAD8gFkyGlf8V4vBM0/wHDwkyJEAgQMZaHJhyIKL/4QQ=");

  /** Lossy, 16x16 of 0x406080, made likewise with {@code -lossless 0 -q:v 90}. */
  static final byte[] LOSSY_WEBP =
      Base64.getDecoder()
          .decode(
              "UklGRjgAAABXRUJQVlA4ICwAAADQAQCdASoQABAAAMASJYgCdLoB+AADsAD+9uYH/lnz+Gzqc/+Q"
                  + "XLC64jAAAA==");

  private PictureFiles() {}

  /** Any format that a writer is found for. */
  static byte[] written(RenderedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, out)) {
      throw new IOException("no writer for " + format);
    }
    return out.toByteArray();
  }

  /** A jpeg with next to no loss. */
  static byte[] jpeg(IIOImage image, boolean progressive) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream to = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(1);
      param.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.setOutput(to);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  static byte[] jpeg(BufferedImage image) throws IOException {
    return jpeg(new IIOImage(image, null, null), false);
  }

  /** A jpeg with one more segment at its beginning. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] data) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + data.length + 4);
    out.put(jpeg, 0, 2).put((byte) 0xff).put((byte) marker).putShort((short) (data.length + 2));
    return out.put(data).put(jpeg, 2, jpeg.length - 2).array();
  }

  /** A jpeg without the segments of one marker. */
  static byte[] withoutSegments(byte[] jpeg, int marker) {
    ByteBuffer in = ByteBuffer.wrap(jpeg);
    ByteBuffer out = ByteBuffer.allocate(jpeg.length).putShort(in.getShort());
    while ((in.getShort(in.position()) & 0xffff) != 0xffda) {
      int length = (in.getShort(in.position() + 2) & 0xffff) + 2;
      if ((in.get(in.position() + 1) & 0xff) != marker) {
        out.put(jpeg, in.position(), length);
      }
      in.position(in.position() + length);
    }
    out.put(in);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** A png with one more chunk behind its first. */
  static byte[] withChunk(byte[] png, String type, byte[] data) {
    int first = 33;
    ByteBuffer out = ByteBuffer.allocate(png.length + data.length + 12);
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.put(png, 0, first).putInt(data.length).put(name).put(data).putInt((int) crc.getValue());
    return out.put(png, first, png.length - first).array();
  }

  /** A plain webp in the extended form, with EXIF behind its pixels. */
  static byte[] withExif(byte[] webp, int width, int height, byte[] exif) {
    int padded = exif.length + (exif.length & 1);
    ByteBuffer out =
        ByteBuffer.allocate(webp.length + 18 + 8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    out.put(latin("RIFF")).putInt(out.capacity() - 8).put(latin("WEBPVP8X")).putInt(10).putInt(8);
    out.put((byte) (width - 1)).putShort((short) 0);
    out.put((byte) (height - 1)).putShort((short) 0);
    out.put(webp, 12, webp.length - 12).put(latin("EXIF")).putInt(exif.length).put(exif);
    return out.array();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** EXIF as it stands in a jpeg: a TIFF header and a directory that turns the picture. */
  static byte[] exif(int orientation, ByteOrder order, String text) {
    byte[] words = latin(text);
    ByteBuffer out = ByteBuffer.allocate(6 + 8 + 2 + 24 + 4 + words.length).order(order);
    out.put(latin("Exif\0\0")).put(latin(order == ByteOrder.BIG_ENDIAN ? "MM" : "II"));
    out.putShort((short) 42).putInt(8).putShort((short) 2);
    out.putShort((short) 0x010e).putShort((short) 2).putInt(words.length).putInt(38);
    out.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    return out.putShort((short) orientation).putShort((short) 0).putInt(0).put(words).array();
  }

  /** The same without the word that a jpeg puts before it. */
  static byte[] plainExif(int orientation, ByteOrder order, String text) {
    byte[] exif = exif(orientation, order, text);
    return Arrays.copyOfRange(exif, 6, exif.length);
  }

  /**
   * A tiff without compression.
   *
   * @param photometric 1 for grey, 2 for RGB, 5 for inks
   * @param samples of 8 bits, or where there are twice as many bytes, of 16
   */
  static byte[] tiff(int width, int height, int photometric, byte[] samples, int orientation) {
    int bands = photometric == 1 ? 1 : photometric == 2 ? 3 : 4;
    int bits = 8 * samples.length / (width * height * bands);
    int format = bits == 32 ? 3 : 1;
    int[][] fields = {
      {256, 3, 1, width},
      {257, 3, 1, height},
      {258, 3, bands, bits},
      {259, 3, 1, 1},
      {262, 3, 1, photometric},
      {273, 4, 1, 0},
      {274, 3, 1, orientation},
      {277, 3, 1, bands},
      {278, 3, 1, height},
      {279, 4, 1, samples.length},
      {339, 3, bands, format},
    };
    int end = 8 + 2 + 12 * fields.length + 4;
    ByteBuffer out = ByteBuffer.allocate(end + 16 + samples.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(latin("II")).putShort((short) 42).putInt(8).putShort((short) fields.length);
    int further = end;
    for (int[] f : fields) {
      out.putShort((short) f[0]).putShort((short) f[1]).putInt(f[2]);
      if (f[1] == 4) {
        out.putInt(f[0] == 273 ? end + 16 : f[3]);
      } else if (f[2] <= 2) {
        out.putShort((short) f[3]).putShort((short) 0);
      } else {
        out.putInt(further);
        for (int i = 0; i < f[2]; i++) {
          out.putShort(further + 2 * i, (short) f[3]);
        }
        further += 8;
      }
    }
    return out.position(end + 16).put(samples).array();
  }
}
