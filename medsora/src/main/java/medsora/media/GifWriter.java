package medsora.media;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;

/** Writes a clip as an animated gif that repeats for ever. */
public final class GifWriter {
  private GifWriter() {}

  /**
   * Writes all frames with one palette for the whole clip.
   *
   * @param clip of a rate above 0 and at most 50, which is as fast as viewers show gifs; the format
   *     counts in hundredths of a second, and rounding is spread over the frames
   */
  public static void write(Path file, Clip clip) throws IOException {
    double fps = clip.knownRate();
    if (!(fps > 0 && fps <= 50)) {
      throw new IllegalArgumentException("[gif] " + fps + " frames per second is not in (0, 50]");
    }
    if (clip.length() == 0) {
      throw new IllegalArgumentException("[gif] no frames to write to " + file);
    }
    PartFile.write(file, part -> encode(part, clip));
  }

  private static void encode(Path file, Clip clip) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    List<byte[]> frames = clip.frames();
    GifPalette palette = GifPalette.of(frames);
    double fps = clip.knownRate();
    byte[][] c = palette.colours();
    IndexColorModel model = new IndexColorModel(8, c[0].length, c[0], c[1], c[2]);
    try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      long shown = 0;
      for (int i = 0; i < clip.length(); i++) {
        long until = Math.round((i + 1) * 100 / fps);
        BufferedImage image =
            new BufferedImage(clip.width(), clip.height(), BufferedImage.TYPE_BYTE_INDEXED, model);
        byte[] indices = palette.indices(frames.get(i), clip.height(), clip.width());
        image.getRaster().setDataElements(0, 0, clip.width(), clip.height(), indices);
        int hundredths = (int) Math.max(1, until - shown);
        IIOMetadata metadata = metadata(writer, image, hundredths, i == 0, clip.label());
        writer.writeToSequence(new IIOImage(image, null, metadata), null);
        shown = until;
      }
      writer.endWriteSequence();
      out.flush();
    } finally {
      writer.dispose();
    }
  }

  private static IIOMetadata metadata(
      ImageWriter writer, BufferedImage image, int hundredths, boolean first, Optional<Label> label)
      throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
    String format = metadata.getNativeMetadataFormatName();
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
    IIOMetadataNode control = child(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("transparentColorIndex", "0");
    control.setAttribute("delayTime", Integer.toString(hundredths));
    if (first) {
      IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
      loop.setAttribute("applicationID", "NETSCAPE");
      loop.setAttribute("authenticationCode", "2.0");
      loop.setUserObject(new byte[] {1, 0, 0});
      child(root, "ApplicationExtensions").appendChild(loop);
      if (label.isPresent()) {
        IIOMetadataNode comment = new IIOMetadataNode("CommentExtension");
        comment.setAttribute("value", label.get().text());
        child(root, "CommentExtensions").appendChild(comment);
      }
    }
    metadata.setFromTree(format, root);
    return metadata;
  }

  private static IIOMetadataNode child(IIOMetadataNode root, String name) {
    for (int i = 0; i < root.getLength(); i++) {
      if (root.item(i).getNodeName().equals(name)) {
        return (IIOMetadataNode) root.item(i);
      }
    }
    IIOMetadataNode node = new IIOMetadataNode(name);
    root.appendChild(node);
    return node;
  }
}
