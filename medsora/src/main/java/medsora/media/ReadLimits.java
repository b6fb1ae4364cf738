package medsora.media;

/**
 * Bounds that every reader keeps, so that a damaged or hostile file ends in an error and not in an
 * exhausted machine.
 *
 * @param maxPixels largest width times height of one frame, at most 2^29
 * @param maxFrames largest number of frames one video may hold
 * @param maxFileBytes largest size of one file
 * @param stallSeconds longest wait for the next bytes of an external decoder
 */
public record ReadLimits(long maxPixels, long maxFrames, long maxFileBytes, int stallSeconds) {
  /** 8192 x 8192 pixels, a million frames, 64 GiB, 60 seconds. */
  public static final ReadLimits DEFAULT = new ReadLimits(1L << 26, 1_000_000, 1L << 36, 60);

  public ReadLimits {
    if (maxPixels < 1
        || maxPixels > 1 << 29
        || maxFrames < 1
        || maxFileBytes < 1
        || stallSeconds < 1) {
      throw new IllegalArgumentException(
          "[video] limits want positive numbers, at most 2^29 pixels: pixels "
              + maxPixels
              + ", frames "
              + maxFrames
              + ", file bytes "
              + maxFileBytes
              + ", stall seconds "
              + stallSeconds);
    }
  }

  /** Refuses sizes that are empty or larger than allowed. */
  public void checkSize(String file, long width, long height) throws VideoException {
    if (width < 1 || height < 1 || width > 1 << 20 || height > 1 << 20) {
      throw new VideoException(file, "has the impossible frame size " + width + "x" + height);
    }
    if (width * height > maxPixels) {
      throw new VideoException(
          file, width + "x" + height + " pixels per frame exceed the limit of " + maxPixels);
    }
  }

  /**
   * Refuses what would take more than half of the memory there is.
   *
   * @param bytes what reading it holds at once
   */
  public void checkMemory(String file, long bytes) throws VideoException {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap / 2) {
      throw new VideoException(
          file,
          "its frames take %d MiB to read, more than half of a heap of %d MiB: JAVA_OPTS=-Xmx..."
                  .formatted(bytes >> 20, heap >> 20)
              + " raises that");
    }
  }

  /** Refuses the frame with this zero-based number when it is one too many. */
  public void checkFrame(String file, long number) throws VideoException {
    if (number >= maxFrames) {
      throw new VideoException(file, "holds more frames than the limit of " + maxFrames);
    }
  }

  /** Refuses files that are empty or larger than allowed. */
  public void checkFile(String file, long bytes) throws VideoException {
    if (bytes == 0) {
      throw new VideoException(file, "is empty (0 bytes)");
    }
    if (bytes > maxFileBytes) {
      throw new VideoException(file, bytes + " bytes exceed the limit of " + maxFileBytes);
    }
  }
}
