package tools.bench;

import medsora.config.TrainConfig;
import medsora.media.Clip;
import medsora.train.Clips;

/** One clip and one window of images of noise: what a training step meets does not show in time. */
final class SeededClips implements Clips {
  private final int size;
  private final int frames;
  private final int imagesOfWindow;
  private final Clip video;
  private final Clip videoAndNext;
  private final Clip images;

  SeededClips(Task.Tensors tensors, TrainConfig config) {
    this.size = config.data().size();
    this.frames = config.clipFrames();
    this.imagesOfWindow = config.clipImages();
    this.video = pixels(tensors, frames);
    this.videoAndNext = pixels(tensors, frames + 1);
    this.images = pixels(tensors, imagesOfWindow);
  }

  private Clip pixels(Task.Tensors tensors, int frames) {
    float[] values = tensors.of(3, frames, size, size).toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.clamp(values[i], -1f, 1f);
    }
    return Clip.of("noise", frames, size, size, values);
  }

  @Override
  public int trainingClips() {
    return 1;
  }

  @Override
  public int heldOutClips() {
    return 0;
  }

  @Override
  public int frames() {
    return frames;
  }

  @Override
  public int imagesOfWindow() {
    return imagesOfWindow;
  }

  @Override
  public int begins(int clip) {
    return 1;
  }

  @Override
  public Clip video(int clip, int begin, boolean flip, int wanted) {
    return wanted == frames ? video : videoAndNext;
  }

  @Override
  public int imageWindows() {
    return 1;
  }

  @Override
  public Clip images(int window) {
    return images;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String sha256() {
    return "";
  }
}
