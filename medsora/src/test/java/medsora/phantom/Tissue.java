package medsora.phantom;

/** What the tissue of a phantom is like, apart from how a camera sees it. */
final class Tissue {
  private final PhantomScene scene;
  private final PlainRays rays;
  private final PlainShading shading;

  Tissue(long seed, int clip, int frames) {
    scene = new PhantomScene(seed, clip, frames);
    rays = new PlainRays(scene);
    shading = new PlainShading(scene);
  }

  boolean hasPolyp() {
    return scene.hasPolyp;
  }

  /**
   * The tissue's colour alone, without light, highlights and vignette: what the flow carries from
   * frame to frame unchanged. Black where no wall is in sight.
   *
   * @return linear values [size, size, 3] at pixel centres
   */
  float[] albedo(int k, int size) {
    PhantomScene.Camera cam = scene.camera(k);
    PhantomScene.Hit hit = new PhantomScene.Hit();
    double[] d = new double[3];
    double[] rgb = new double[3];
    float[] out = new float[size * size * 3];
    for (int i = 0; i < size * size; i++) {
      PlainRays.direction(cam, i % size, i / size, size, d);
      if (rays.cast(cam, d[0], d[1], d[2], hit)) {
        shading.albedo(hit, 0.02, rgb);
        for (int c = 0; c < 3; c++) {
          out[i * 3 + c] = (float) rgb[c];
        }
      }
    }
    return out;
  }
}
