package engine.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.kernel.Conv3dArgs;
import engine.kernel.Engine;
import engine.kernel.Kernels;
import engine.kernel.MatmulArgs;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Unary;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarKernels;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import engine.testing.Bits;
import engine.testing.OpenClBackends;
import engine.testing.SplitMix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices, tiles, cache and memory; that every kernel has the right bits is OpContract's matter.
 */
class OpenClTest {
  private static final OpenClCache NONE = new OpenClCache(Optional.empty());

  @TempDir Path folder;

  private static OpenClDevice device() {
    assumeTrue(OpenClBackends.DEVICE.isPresent(), "no OpenCL device");
    return OpenClBackends.DEVICE.get();
  }

  private static OpenClKernels kernels(OpenClTile tile, OpenClCache cache) {
    return new OpenClKernels(device(), tile, cache, new Workers(1));
  }

  private static float[] noise(int n, long seed) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (2 * SplitMix.unit(seed, i) - 1);
    }
    return x;
  }

  // ---- devices

  @Test
  void aDeviceIsMeantByNumberOrName() {
    OpenClDevice any = device();
    assertEquals(any.name(), OpenClDevices.choose(Integer.toString(any.index())).name());
    assertEquals(any.index(), OpenClDevices.choose(any.name().substring(0, 5)).index());
  }

  @Test
  void anUnknownDeviceIsRefusedWithThoseThereAre() {
    OpenClDevice any = device();
    OpenClException e =
        assertThrows(OpenClException.class, () -> OpenClDevices.choose("no such device"));
    assertTrue(e.getMessage().contains("no such device"), e.getMessage());
    assertTrue(e.getMessage().contains(any.name()), e.getMessage());
  }

  // ---- tiles

  /** What a device of another kind would be. */
  private static OpenClDevice like(OpenClDevice.Kind kind, long workGroup, long localMemory) {
    return new OpenClDevice(
        0,
        "p",
        "d",
        "1.2",
        "1",
        kind,
        4,
        1 << 30,
        1 << 28,
        workGroup,
        localMemory,
        true,
        false,
        null);
  }

  @Test
  void theDefaultTileFitsTheDevice() {
    assertEquals(OpenClTile.PROCESSOR, OpenClTile.of(like(OpenClDevice.Kind.CPU, 4096, 1 << 20)));
    assertEquals(OpenClTile.GRAPHICS, OpenClTile.of(like(OpenClDevice.Kind.GPU, 1024, 48 << 10)));
    for (long group : new long[] {1, 16, 64, 128, 256}) {
      for (long local : new long[] {0, 4 << 10, 16 << 10, 32 << 10}) {
        for (OpenClDevice.Kind kind : OpenClDevice.Kind.values()) {
          OpenClDevice device = like(kind, group, local);
          OpenClTile tile = OpenClTile.of(device);
          assertTrue(tile.fits(device), tile + " on groups of " + group + ", local " + local);
        }
      }
    }
  }

  @Test
  void tilesThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new OpenClTile(8, 8, 3, 1, 1, 0, false));
    assertThrows(IllegalArgumentException.class, () -> new OpenClTile(8, 12, 8, 1, 1, 0, false));
    assertThrows(IllegalArgumentException.class, () -> new OpenClTile(8, 8, 4, 1, 1, 12, false));
    assertThrows(IllegalArgumentException.class, () -> new OpenClTile(8, 8, 4, 1, 1, 0, true));
  }

  @Test
  void theBestTileIsKeptAndFoundAgain() {
    OpenClDevice device = device();
    OpenClCache cache = new OpenClCache(Optional.of(folder.resolve("tiles")));
    assertEquals(Optional.empty(), OpenClTileChoice.known(device, cache));
    List<OpenClTuner.Timing> seen = new ArrayList<>();
    OpenClTuner.Timing best =
        OpenClTuner.tune(
            device,
            List.of(OpenClTile.SMALL, OpenClTile.of(device)),
            cache,
            (timing, all) -> {
              assertEquals(2, all);
              seen.add(timing);
            });
    assertEquals(2, seen.size());
    seen.forEach(timing -> assertTrue(timing.score() <= best.score(), timing + " " + best));
    assertEquals(Optional.of(best.tile()), OpenClTileChoice.known(device, cache));
  }

  @Test
  void everyTileGivesTheSameBits() {
    OpenClDevice device = device();
    MatmulArgs product = new MatmulArgs(3, 37, 45, 1100, true, true, 1100 * 37, 0);
    float[] a = noise(3 * 37 * 1100, 1);
    float[] b = noise(45 * 1100, 2);
    float[] bias = noise(45, 3);
    Conv3dArgs convolution =
        new Conv3dArgs(2, 5, 4, 9, 11, 7, 3, 3, 3, new Stride3(1, 2, 1), Padding3.both(1, 1, 1), 1);
    float[] expected = product(new ScalarKernels(new Workers(1)), product, a, b, bias);
    float[] convolved = convolve(new ScalarKernels(new Workers(1)), convolution);
    int tried = 0;
    for (OpenClTile tile : OpenClTile.candidates(device)) {
      Kernels kernels = kernels(tile, NONE);
      Bits.assertEqual(expected, product(kernels, product, a, b, bias), "tile " + tile);
      if (tried % 4 == 0) {
        Bits.assertEqual(convolved, convolve(kernels, convolution), "tile " + tile);
      }
      tried++;
    }
    assertTrue(tried > 5, "only " + tried);
  }

  private static float[] product(Kernels k, MatmulArgs args, float[] a, float[] b, float[] bias) {
    float[] c = new float[args.batch() * args.m() * args.n()];
    Storage out = k.allocate(c.length);
    k.matmul()
        .multiply(args, HeapStorage.wrap(a), HeapStorage.wrap(b), HeapStorage.wrap(bias), out);
    out.read(c);
    out.release();
    return c;
  }

  /** Result, gradient by the input and by the weights, one after the other. */
  private static float[] convolve(Kernels k, Conv3dArgs args) {
    int sizeX = args.n() * args.ci() * args.t() * args.h() * args.w();
    int sizeW = args.co() * args.groupIn() * args.taps();
    int sizeY = args.n() * args.co() * args.positions();
    Storage x = HeapStorage.wrap(noise(sizeX, 4));
    Storage w = HeapStorage.wrap(noise(sizeW, 5));
    Storage g = HeapStorage.wrap(noise(sizeY, 6));
    Storage y = k.allocate(sizeY);
    k.conv3d().forward(args, x, w, null, y);
    Storage gx = k.allocate(sizeX);
    k.conv3d().gradInput(args, g, w, gx);
    Storage gw = k.allocate(sizeW);
    k.conv3d().gradWeight(args, x, g, gw);
    float[] all = new float[sizeY + sizeX + sizeW];
    int at = 0;
    for (Storage s : List.of(y, gx, gw)) {
      float[] part = new float[s.size()];
      s.read(part);
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
      s.release();
    }
    return all;
  }

  // ---- the cache of programs

  private float[] exponentials(OpenClKernels kernels) {
    Storage x = HeapStorage.wrap(noise(100, 7));
    Storage y = kernels.allocate(100);
    kernels.elementwise().unary(Unary.EXP, x, y, 100);
    float[] out = new float[100];
    y.read(out);
    return out;
  }

  @Test
  void programsAreBuiltOnceForAll() {
    OpenClCache cache = new OpenClCache(Optional.of(folder));
    OpenClKernels first = kernels(OpenClTile.PROCESSOR, cache);
    float[] y = exponentials(first);
    OpenClKernels second = kernels(OpenClTile.PROCESSOR, cache);
    assertArrayEquals(y, exponentials(second));
    assertEquals(1, first.builds());
    assertEquals(0, second.builds());
  }

  @Test
  void damagedProgramsAreBuiltAgain() throws IOException {
    OpenClCache cache = new OpenClCache(Optional.of(folder));
    float[] y = exponentials(kernels(OpenClTile.PROCESSOR, cache));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    for (int damage = 0; damage < 3; damage++) {
      try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
        if (damage == 0) {
          f.seek(whole.length / 2);
          f.write(whole[whole.length / 2] ^ 1);
        } else {
          f.setLength(damage == 1 ? whole.length - 7 : 0);
        }
      }
      OpenClKernels kernels = kernels(OpenClTile.PROCESSOR, cache);
      assertArrayEquals(y, exponentials(kernels));
      assertEquals(1, kernels.builds(), "damage " + damage);
      assertEquals(file, onlyFile());
    }
  }

  /** Whole by its sum, but no program. */
  @Test
  void binariesThatTheDriverRefusesAreBuiltAgain() throws IOException {
    OpenClCache cache = new OpenClCache(Optional.of(folder));
    float[] y = exponentials(kernels(OpenClTile.PROCESSOR, cache));
    String key = onlyFile().getFileName().toString().replace(".clbin", "");
    cache.store(key, "no program at all".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    OpenClKernels kernels = kernels(OpenClTile.PROCESSOR, cache);
    assertArrayEquals(y, exponentials(kernels));
    assertEquals(1, kernels.builds());
  }

  @Test
  void aFolderThatCannotBeMadeCostsTheCacheAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    OpenClCache cache = new OpenClCache(Optional.of(file.resolve("below")));
    assertFalse(Float.isNaN(exponentials(kernels(OpenClTile.PROCESSOR, cache))[0]));
  }

  @Test
  void severalMayWriteAtOnce() throws InterruptedException, ExecutionException {
    OpenClCache cache = new OpenClCache(Optional.of(folder));
    byte[] content = new byte[1 << 16];
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            pool.submit(() -> {
              for (int j = 0; j < 50; j++) {
                cache.store("same", content);
                assertArrayEquals(content, cache.find("same").orElseThrow());
              }
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }

  // ---- memory

  @Test
  void whatDoesNotFitIsSaidWithItsSize() {
    OpenClKernels kernels = kernels(OpenClTile.PROCESSOR, NONE);
    assumeTrue(device().largest() < 4L * Integer.MAX_VALUE, "one buffer holds all that is asked");
    OpenClException e =
        assertThrows(OpenClException.class, () -> kernels.allocate(Integer.MAX_VALUE));
    String message = e.getMessage();
    assertTrue(message.contains("8,589,934,588"), message);
    assertTrue(message.contains("%,d for one buffer".formatted(device().largest())), message);
  }

  @Test
  void heapArraysTravelOnceAndComeBackWhenRead() {
    OpenClKernels kernels = kernels(OpenClTile.PROCESSOR, NONE);
    float[] x = noise(1000, 8);
    Storage weights = HeapStorage.wrap(x.clone());
    Storage y = kernels.allocate(1000);
    Transfers before = kernels.transfers();
    for (int i = 0; i < 3; i++) {
      kernels.elementwise().addInto(weights, weights, 1000);
      kernels.copies().copy(weights, y, 1000);
    }
    assertEquals(new Transfers(1, 4000, 0, 0), kernels.transfers().since(before));
    float[] got = new float[1000];
    weights.read(got);
    for (int i = 0; i < 1000; i++) {
      assertEquals(x[i] * 8, got[i]);
    }
    weights.read(got);
    weights.write(x);
    kernels.copies().copy(weights, y, 1000);
    y.read(got);
    assertArrayEquals(x, got);
    assertEquals(new Transfers(2, 8000, 2, 8000), kernels.transfers().since(before));
  }

  @Test
  void readingOnTheHostSendsNothingAgain() {
    OpenClKernels kernels = kernels(OpenClTile.PROCESSOR, NONE);
    Storage weights = HeapStorage.wrap(noise(1000, 8));
    Storage y = kernels.allocate(1000);
    kernels.copies().copy(weights, y, 1000);
    Transfers before = kernels.transfers();
    assertEquals(noise(1000, 8)[7], HeapStorage.readOnly(weights)[7]);
    weights.read(new float[1000]);
    kernels.copies().copy(weights, y, 1000);
    assertEquals(new Transfers(0, 0, 0, 0), kernels.transfers().since(before));
    HeapStorage.array(weights)[7] = 3;
    kernels.copies().copy(weights, y, 1000);
    assertEquals(new Transfers(1, 4000, 0, 0), kernels.transfers().since(before));
  }

  @Test
  void closingGivesAllMemoryBackAndSavesWhatLiesInTheHeap() {
    Engine engine = Engine.open(1, team -> new OpenClKernels(device(), team));
    OpenClKernels kernels = (OpenClKernels) engine.kernels();
    Storage weights = HeapStorage.wrap(noise(1000, 8));
    Storage y = kernels.allocate(1000);
    kernels.elementwise().addInto(weights, weights, 1000);
    kernels.copies().copy(weights, y, 1000);
    OpenClMemory memory = kernels.context().memory();
    assertTrue(memory.heldBytes() >= 8000, "held " + memory.heldBytes());
    engine.close();
    engine.close();
    assertEquals(0, memory.heldBytes());
    float[] got = new float[1000];
    weights.read(got);
    for (int i = 0; i < 1000; i++) {
      assertEquals(2 * noise(1000, 8)[i], got[i]);
    }
    refused(() -> y.read(got));
    refused(() -> kernels.copies().copy(weights, y, 1000));
    refused(() -> kernels.copies().fill(weights, 1, 1000));
    refused(() -> kernels.allocate(10));
    refused(kernels::finish);
    y.release();
    assertTrue(y.isReleased());
  }

  private static void refused(Runnable use) {
    String said = assertThrows(OpenClException.class, use::run).getMessage();
    assertTrue(said.contains("was closed with its engine"), said);
  }

  @Test
  void releasedStorageIsRefused() {
    OpenClKernels kernels = kernels(OpenClTile.PROCESSOR, NONE);
    Storage y = kernels.allocate(10);
    y.release();
    y.release();
    assertTrue(y.isReleased());
    assertThrows(IllegalStateException.class, () -> kernels.copies().fill(y, 1, 10));
  }
}
