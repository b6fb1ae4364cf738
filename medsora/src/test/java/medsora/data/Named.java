package medsora.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Pictures that name a person beside their pixels. */
final class Named {
  static final String PERSON = "Doe^Jane 1970";

  private Named() {}

  /** With a comment, and with EXIF that has a description. */
  static byte[] png(byte[] png) {
    byte[] comment = ("Comment\0" + PERSON).getBytes(StandardCharsets.ISO_8859_1);
    byte[] person = PERSON.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer exif = ByteBuffer.allocate(26 + person.length).put(new byte[] {'M', 'M', 0, 42});
    exif.putInt(8).putShort((short) 1).putShort((short) 0x010e).putShort((short) 2);
    exif.putInt(person.length).putInt(26).putInt(0).put(person);
    return with(with(png, "tEXt", comment), "eXIf", exif.array());
  }

  private static byte[] with(byte[] png, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    ByteBuffer out = ByteBuffer.allocate(png.length + data.length + 12);
    out.put(png, 0, 33).putInt(data.length).put(name).put(data).putInt((int) crc.getValue());
    return out.put(png, 33, png.length - 33).array();
  }
}
