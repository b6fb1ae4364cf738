package tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which rows there are and how they are chosen. */
class RowsTest {
  private static List<String> names(boolean quick, String... globs) {
    return Rows.chosen(Rows.all(), quick, List.of(globs)).stream().map(Row::name).toList();
  }

  @Test
  void quickHasTheMostTelling() {
    assertEquals(
        List.of(
            "matmul-1024",
            "matmul-384x2320x512",
            "conv3d-128x18x66x66",
            "denoiser-B-forward",
            "denoiser-B-step"),
        names(true));
  }

  @Test
  void namesAreUnique() {
    List<String> all = names(false);
    Set<String> set = new HashSet<>(all);
    assertEquals(all.size(), set.size(), () -> "twice: " + all);
    Rows.ceilings(2).forEach(c -> assertTrue(set.add(c.name()), c.name()));
  }

  @Test
  void globsChoose() {
    assertEquals(List.of("matmul-1024", "matmul-1024-t1"), names(false, "matmul-1024*"));
    assertEquals(
        List.of("denoiser-S-forward", "denoiser-B-forward", "denoiser-L-forward"),
        names(false, "denoiser-?-forward"));
    assertEquals(List.of("denoiser-B-step"), names(true, "*-step", "vae-*"));
    assertEquals(List.of(), names(false, "matmul"));
    assertEquals(List.of(), names(false, "matmul.1024"));
  }

  @Test
  void everyFamilyOfTheModelIsThere() {
    for (String glob :
        List.of(
            "matmul-6x*",
            "matmul-48x*",
            "matmul-64x*",
            "matmul-256x*",
            "matmul-*-gradWeight",
            "conv2d-*",
            "conv3d-*-gradInput",
            "conv3d-*-gradWeight",
            "conv1d-*",
            "ssd-*-backward",
            "attention-*",
            "layerNorm-*",
            "groupNorm-*",
            "rmsNormGated-*",
            "softmax-*",
            "gelu-*",
            "silu-*",
            "exp-*",
            "add-*",
            "adamw-ema-*",
            "denoiser-L-forward",
            "vae-encode-*",
            "vae-decode-*",
            "vae-finetune-*",
            "sample-B-250")) {
      assertTrue(!names(false, glob).isEmpty(), glob);
    }
  }

  @Test
  void oneThreadHasOneCeilingOfProducts() {
    assertEquals(
        List.of("peak-fma-1", "bandwidth-copy", "bandwidth-triad"),
        Rows.ceilings(1).stream().map(Row::name).toList());
    assertEquals(4, Rows.ceilings(3).size());
    assertEquals("peak-fma-3", Rows.named("peak-fma-3", 3).name());
    assertThrows(IllegalArgumentException.class, () -> Rows.named("peak-fma-3", 2));
  }
}
