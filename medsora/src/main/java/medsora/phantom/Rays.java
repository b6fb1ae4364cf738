package medsora.phantom;

/** Rays from one camera: their unit directions, and how far each wall is. */
final class Rays {
  final int count;
  final double[] dx;
  final double[] dy;
  final double[] dz;

  /** Set by {@link RayLanes#cast}; infinite where no wall is within {@link PhantomScene#FAR}. */
  final double[] distance;

  Rays(int count) {
    this.count = count;
    dx = new double[count];
    dy = new double[count];
    dz = new double[count];
    distance = new double[count];
  }

  /** Aims a ray at the point (u, v) of the camera's plane at distance 1. */
  void set(int ray, PhantomScene.Camera camera, double u, double v) {
    double n = Math.sqrt(u * u + v * v + 1);
    dx[ray] = (u * camera.right[0] + v * camera.down[0] + camera.forward[0]) / n;
    dy[ray] = (u * camera.right[1] + v * camera.down[1] + camera.forward[1]) / n;
    dz[ray] = (u * camera.right[2] + v * camera.down[2] + camera.forward[2]) / n;
  }

  /**
   * Where a ray meets the wall.
   *
   * @return false when nothing is met
   */
  boolean hit(PhantomScene scene, PhantomScene.Camera camera, int ray, PhantomScene.Hit hit) {
    if (distance[ray] == Double.POSITIVE_INFINITY) {
      return false;
    }
    scene.place(camera, dx[ray], dy[ray], dz[ray], distance[ray], hit);
    return true;
  }
}
