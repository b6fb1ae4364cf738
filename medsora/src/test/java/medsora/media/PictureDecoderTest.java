package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureDecoderTest {
  private static final int WIDTH = 24;
  private static final int HEIGHT = 16;

  @TempDir Path folder;

  private Clip read(String name, byte[] bytes) throws IOException {
    return PictureReader.read(Files.write(folder.resolve(name), bytes), ReadLimits.DEFAULT);
  }

  private String refused(String name, byte[] bytes) {
    return assertThrows(VideoException.class, () -> read(name, bytes)).getMessage();
  }

  private static void assertPixel(int[] rgb, Clip picture, int x, int y, int within) {
    byte[] all = picture.frames().getFirst();
    for (int c = 0; c < 3; c++) {
      int got = all[3 * (y * picture.width() + x) + c] & 0xff;
      assertEquals(rgb[c], got, within, "channel " + c + " at " + x + "," + y);
    }
  }

  /** Blocks of 8x8, each of a colour of its own. */
  private static BufferedImage blocks() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, colour(x / 8, y / 8));
      }
    }
    return image;
  }

  private static int colour(int column, int row) {
    return (40 + 80 * column) << 16 | (60 + 120 * row) << 8 | 100;
  }

  private static byte[] rgb(BufferedImage image) {
    byte[] out = new byte[3 * image.getWidth() * image.getHeight()];
    for (int i = 0; i < out.length / 3; i++) {
      int p = image.getRGB(i % image.getWidth(), i / image.getWidth());
      out[3 * i] = (byte) (p >> 16);
      out[3 * i + 1] = (byte) (p >> 8);
      out[3 * i + 2] = (byte) p;
    }
    return out;
  }

  /** Where the standard says that row 0 and column 0 are: CIPA DC-008, tag 274. */
  private static final String[] SIDES = {
    "",
    "top left",
    "top right",
    "bottom right",
    "bottom left",
    "left top",
    "right top",
    "right bottom",
    "left bottom"
  };

  private static int[] place(int orientation, int column, int row) {
    int[] xy = new int[2];
    String[] sides = SIDES[orientation].split(" ");
    boolean turned = orientation > 4;
    int columns = (turned ? HEIGHT : WIDTH) / 8;
    int rows = (turned ? WIDTH : HEIGHT) / 8;
    int[] from = {row, column};
    for (int i = 0; i < 2; i++) {
      switch (sides[i]) {
        case "top" -> xy[1] = from[i];
        case "bottom" -> xy[1] = rows - 1 - from[i];
        case "left" -> xy[0] = from[i];
        case "right" -> xy[0] = columns - 1 - from[i];
        default -> throw new IllegalStateException(sides[i]);
      }
    }
    return xy;
  }

  @Test
  void theEightOrientationsAreTurnedUpright() throws IOException {
    byte[] png = PictureFiles.written(blocks(), "png");
    byte[] jpeg = PictureFiles.jpeg(blocks());
    byte[] samples = rgb(blocks());
    for (int o = 1; o <= 8; o++) {
      ByteOrder order = o % 2 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      byte[] exif = PictureFiles.exif(o, order, "taken sideways");
      byte[] plain = PictureFiles.plainExif(o, order, "taken sideways");
      List<Clip> turned =
          List.of(
              read("a.jpg", PictureFiles.withSegment(jpeg, 0xe1, exif)),
              read("a.png", PictureFiles.withChunk(png, "eXIf", plain)),
              read("a.tif", PictureFiles.tiff(WIDTH, HEIGHT, 2, samples, o)));
      for (Clip picture : turned) {
        assertEquals(o > 4 ? HEIGHT : WIDTH, picture.width(), picture.source() + o);
        assertEquals(o > 4 ? WIDTH : HEIGHT, picture.height(), picture.source() + o);
        for (int i = 0; i < 6; i++) {
          int[] at = place(o, i % 3, i / 3);
          int c = colour(i % 3, i / 3);
          int[] wanted = {c >> 16, (c >> 8) & 0xff, c & 0xff};
          assertPixel(wanted, picture, 8 * at[0] + 3, 8 * at[1] + 4, 3);
        }
      }
    }
  }

  @Test
  void aWebpIsTurnedToo() throws IOException {
    byte[] exif = PictureFiles.plainExif(6, ByteOrder.BIG_ENDIAN, "x");
    Clip webp = read("a.webp", PictureFiles.withExif(PictureFiles.WEBP, 4, 2, exif));
    assertEquals(2, webp.width());
    assertEquals(4, webp.height());
    // The stored upper left is at the upper right now.
    assertPixel(new int[] {0, 0, 77}, webp, 1, 0, 0);
    assertPixel(new int[] {180, 200, 77}, webp, 0, 3, 0);
  }

  @Test
  void exifThatIsDamagedTurnsNothing() throws IOException {
    byte[] jpeg = PictureFiles.jpeg(blocks());
    byte[] good = PictureFiles.exif(6, ByteOrder.BIG_ENDIAN, "x");
    for (int at = 6; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] = (byte) 0xff;
      Clip picture = read("a.jpg", PictureFiles.withSegment(jpeg, 0xe1, bad));
      assertEquals(WIDTH * HEIGHT, picture.width() * picture.height());
    }
    byte[] nine = PictureFiles.exif(9, ByteOrder.BIG_ENDIAN, "x");
    assertEquals(WIDTH, read("a.jpg", PictureFiles.withSegment(jpeg, 0xe1, nine)).width());
  }

  /** One colour of four components, 16x16. */
  private static byte[] fourComponents(int a, int b, int c, int d) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, 16, 16, 4, null);
    for (int i = 0; i < 256; i++) {
      raster.setPixel(i % 16, i / 16, new int[] {a, b, c, d});
    }
    return PictureFiles.withoutSegments(
        PictureFiles.jpeg(new IIOImage(raster, null, null), false), 0xee);
  }

  private static byte[] adobe(byte[] jpeg, int transform) {
    byte[] data = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
    return PictureFiles.withSegment(jpeg, 0xee, data);
  }

  @Test
  void inksAreRead() throws IOException {
    // Stored as the light that each ink leaves, times that of the black.
    Clip cmyk = read("cmyk.jpg", adobe(fourComponents(200, 100, 50, 255), 0));
    assertPixel(new int[] {200, 100, 50}, cmyk, 5, 5, 2);
    Clip dark = read("dark.jpg", adobe(fourComponents(200, 100, 50, 128), 0));
    assertPixel(new int[] {100, 50, 25}, dark, 5, 5, 2);
    // Red 0.5 of the inks: Y' = 0.299 * 127, Cb = 128 - 0.1687 * 127, Cr = 128 + 0.5 * 127.
    Clip ycck = read("ycck.jpg", adobe(fourComponents(38, 107, 192, 255), 2));
    assertPixel(new int[] {255 - 128, 255, 255}, ycck, 5, 5, 3);
    byte[] inks = new byte[4 * 16 * 16];
    for (int i = 0; i < inks.length; i += 4) {
      inks[i] = 55;
      inks[i + 1] = (byte) 155;
      inks[i + 2] = (byte) 205;
    }
    Clip tiff = read("inks.tif", PictureFiles.tiff(16, 16, 5, inks, 1));
    assertPixel(new int[] {200, 100, 50}, tiff, 5, 5, 0);
  }

  /** The bits of plain pictures are those of the JDK's readers, whatever plug-ins there are. */
  @Test
  void plainPicturesKeepTheirBits() throws IOException {
    Clip clip = Phantom.render(3, 1, 1, 64);
    BufferedImage colour = Pictures.toImage(clip.frames().getFirst(), 64, 64);
    BufferedImage grey = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    grey.createGraphics().drawImage(colour, 0, 0, null);
    ICC_Profile srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
    List<byte[]> jpegs =
        List.of(
            PictureFiles.written(colour, "jpeg"),
            PictureFiles.jpeg(colour),
            PictureFiles.jpeg(new IIOImage(colour, null, null), true),
            PictureFiles.withSegment(PictureFiles.jpeg(colour), 0xe2, profile(srgb)));
    for (byte[] jpeg : jpegs) {
      assertArrayEquals(rgb(jdk(jpeg)), read("a.jpg", jpeg).frames().getFirst());
    }
    byte[] stored = ((java.awt.image.DataBufferByte) grey.getRaster().getDataBuffer()).getData();
    byte[] png = read("g.png", PictureFiles.written(grey, "png")).frames().getFirst();
    for (int i = 0; i < stored.length; i++) {
      assertEquals(stored[i], png[3 * i + 1]);
    }
    assertArrayEquals(
        clip.frames().getFirst(),
        read("c.png", PictureFiles.written(colour, "png")).frames().getFirst());
  }

  private static byte[] profile(ICC_Profile profile) {
    byte[] data = profile.getData();
    ByteBuffer out = ByteBuffer.allocate(14 + data.length);
    out.put("ICC_PROFILE\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    return out.put((byte) 1).put((byte) 1).put(data).array();
  }

  private static BufferedImage jdk(byte[] jpeg) throws IOException {
    for (ImageReader reader : Collections.list(readers())) {
      if (reader.getClass().getName().startsWith("com.sun.")) {
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg)), true, true);
        return reader.read(0);
      }
    }
    throw new IllegalStateException("every JDK has a reader of jpeg");
  }

  private static java.util.Enumeration<ImageReader> readers() {
    List<ImageReader> all = new ArrayList<>();
    ImageIO.getImageReadersByFormatName("jpeg").forEachRemaining(all::add);
    return Collections.enumeration(all);
  }

  @Test
  void everyKindIsReadWhateverItsName() throws IOException {
    byte[] samples = rgb(blocks());
    for (String kind : List.of("png", "bmp", "tiff")) {
      byte[] got = read("a.jpg", PictureFiles.written(blocks(), kind)).frames().getFirst();
      assertArrayEquals(samples, got, kind);
    }
    assertPixel(new int[] {120, 200, 77}, read("a.webp", PictureFiles.WEBP), 2, 1, 0);
    assertPixel(new int[] {64, 96, 128}, read("b.webp", PictureFiles.LOSSY_WEBP), 9, 9, 2);
  }

  @Test
  void sixteenBitsBecomeEightAndFloatsAreRefused() throws IOException {
    ByteBuffer deep = ByteBuffer.allocate(2 * 6).order(ByteOrder.LITTLE_ENDIAN);
    for (int v : new int[] {0, 257, 32896, 65535, 128 * 257, 128}) {
      deep.putShort((short) v);
    }
    Clip grey = read("a.tif", PictureFiles.tiff(3, 2, 1, deep.array(), 1));
    int[] wanted = {0, 1, 128, 255, 128, 0};
    for (int i = 0; i < 6; i++) {
      assertPixel(new int[] {wanted[i], wanted[i], wanted[i]}, grey, i % 3, i / 3, 0);
    }
    String said = refused("f.tif", PictureFiles.tiff(3, 2, 1, new byte[24], 1));
    assertTrue(said.contains("its samples are signed or floats"), said);
  }

  @Test
  void whatIsNoPictureIsToldWhatIsOne() throws IOException {
    String said = refused("a.png", "GIF89a and more".getBytes());
    assertTrue(said.contains("(png, jpeg, tiff, bmp, webp, ppm, pgm)"), said);
    byte[] animated = PictureFiles.withExif(PictureFiles.WEBP, 4, 2, new byte[14]);
    byte[] name = "ANMF".getBytes();
    System.arraycopy(name, 0, animated, animated.length - 22, 4);
    assertTrue(refused("a.webp", animated).contains("animated webp; convert it"));
    byte[] png = PictureFiles.written(blocks(), "png");
    byte[] two = PictureFiles.withChunk(png, "acTL", new byte[] {0, 0, 0, 2, 0, 0, 0, 0});
    assertTrue(refused("a.png", two).contains("animated png; convert it"));
    byte[] one = PictureFiles.withChunk(png, "acTL", new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
    assertEquals(WIDTH, read("b.png", one).width());
  }

  /** The size in a header is held against the limits before anything is decoded. */
  /** Heads of 12 bits, of arithmetic coding and of JPEG-LS. */
  @Test
  void jpegsOfOtherKindsAreNotCalledDamaged() throws IOException {
    String[][] wanted = {
      {"c1", "0c", "is a jpeg of 12 bits, which is not read: convert it to png"},
      {"c9", "08", "is a jpeg of process SOF9, which is not read: convert it to png"},
      {"f7", "08", "is a JPEG-LS, which is not read: convert it to png"},
    };
    for (String[] kind : wanted) {
      String head = "ffd8ff" + kind[0] + "000b" + kind[1] + "00080008010111000000ffd9";
      String said = refused("a.jpg", HexFormat.of().parseHex(head));
      assertTrue(said.contains(kind[2]) && !said.contains("damaged"), said);
    }
  }

  @Test
  void sizesAreBoundedBeforeDecoding() throws IOException {
    byte[] tiff = PictureFiles.tiff(WIDTH, HEIGHT, 2, rgb(blocks()), 1);
    ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 30000).putInt(30, 30000);
    byte[] bmp = PictureFiles.written(blocks(), "bmp");
    ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 30000).putInt(22, 30000);
    byte[] webp = PictureFiles.withExif(PictureFiles.WEBP, 4, 2, new byte[14]);
    System.arraycopy(new byte[] {0x2f, 0x75, 0, 0x2f, 0x75, 0}, 0, webp, 24, 6);
    byte[] jpeg = PictureFiles.jpeg(blocks());
    int frame = 0;
    while ((jpeg[frame] & 0xff) != 0xff || (jpeg[frame + 1] & 0xff) != 0xc0) {
      frame++;
    }
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 30000).putShort(frame + 7, (short) 30000);
    for (byte[] bytes : List.of(tiff, bmp, webp, jpeg)) {
      String said = refused("a.png", bytes);
      assertTrue(said.endsWith("x30000 pixels per frame exceed the limit of 67108864"), said);
    }
  }
}
