package engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which part of a checkpoint is meant, and what its names are without their wrappers' words. */
class TorchPartsTest {
  @TempDir Path folder;

  /** Writes nested dicts at paths with '/'; each last word is a tensor of one element. */
  private Path checkpoint(String... tensors) throws IOException {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (String path : tensors) {
      Map<String, Object> at = tree;
      String[] keys = path.split("/");
      for (int i = 0; i < keys.length - 1; i++) {
        at = below(at, keys[i]);
      }
      at.put(keys[keys.length - 1], path);
    }
    PickleWriter p = new PickleWriter().protocol();
    write(p, tree);
    return Files.write(
        folder.resolve("parts.pt"), PickleWriter.zip(p.end(), PickleWriter.floats(1)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> below(Map<String, Object> at, String key) {
    return (Map<String, Object>) at.computeIfAbsent(key, k -> new LinkedHashMap<String, Object>());
  }

  private static void write(PickleWriter p, Object value) {
    if (value instanceof Map<?, ?> map) {
      p.op('}', '(');
      map.forEach((key, item) -> {
        if (key.toString().matches("\\d+")) {
          p.whole(Long.parseLong(key.toString()));
        } else {
          p.text(key.toString());
        }
        write(p, item);
      });
      p.op('u');
    } else {
      p.tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1}, false);
    }
  }

  private String chosen(TensorSource.Choice choice, String... tensors) throws IOException {
    try (TorchCheckpoint t = TorchCheckpoint.open(checkpoint(tensors), choice)) {
      return t.part() + " " + t.names();
    }
  }

  private void averaged(String expected, String... tensors) throws IOException {
    assertEquals(expected, chosen(TensorSource.Choice.AVERAGED, tensors));
  }

  private void raw(String expected, String... tensors) throws IOException {
    assertEquals(expected, chosen(TensorSource.Choice.RAW, tensors));
  }

  @Test
  void averagesComeFirstUnlessRawWeightsAreWanted() throws IOException {
    averaged("ema [a.w]", "model/a.w", "ema/a.w", "opt/state/0/m");
    raw("model [a.w]", "model/a.w", "ema/a.w", "opt/state/0/m");
    averaged("state_dict_ema [a.w]", "state_dict/a.w", "state_dict_ema/a.w");
    averaged("teacher [a.w]", "student/a.w", "teacher/a.w");
    raw("student [a.w]", "teacher/a.w", "student/a.w");
    averaged("G_ema [a.w]", "G/a.w", "D/a.w", "G_ema/a.w");
    raw("ema [a.w]", "ema/a.w", "opt/state/0/m");
  }

  @Test
  void aLooseTensorIsNoPart() throws IOException {
    averaged("model [a.w]", "loss", "rng_state", "model/a.w");
    averaged("generator [a.w]", "step", "generator/a.w", "discriminator/a.w");
    // A name that says nothing, beside an optimiser and a loss.
    averaged("mine [a.w]", "loss", "mine/a.w", "optimizer_state_dict/state/0/exp_avg");
    averaged(" [a.w, b.w]", "a.w", "b.w");
  }

  @Test
  void partsLieDeeperTooAndInPieces() throws IOException {
    averaged("checkpoint.model [a.w]", "checkpoint/model/a.w", "checkpoint/optimizer/state/0/m");
    averaged("model [encoder.w, decoder.w]", "model/encoder/w", "model/decoder/w");
    averaged("ema [w, v]", "ema/shadow/w", "ema/shadow/v", "model/w");
  }

  @Test
  void whereThereIsNoTellingThePartsAreListed() throws IOException {
    Path file = checkpoint("first/a.w", "second/a.w", "second/b.w", "optim/state/0/m");
    String said =
        assertThrows(FormatException.class, () -> TorchCheckpoint.open(file)).getMessage();
    assertTrue(said.contains("which part is meant? Say FILE#PART, or --part"), said);
    assertTrue(said.contains("\n  first: 1 tensor\n  second: 2 tensors"), said);
    assertTrue(said.contains("\n  optim.state: 1 tensor"), said);
    String other =
        assertThrows(FormatException.class, () -> TorchCheckpoint.open(file, "third")).getMessage();
    assertTrue(other.contains("no part 'third'; there are\n  first"), other);
    try (TorchCheckpoint t = TorchCheckpoint.open(file, "second")) {
      assertEquals(List.of("a.w", "b.w"), t.names());
    }
    // The name of the part stands behind the file's, where no file is called so.
    try (TensorSource t = TensorSource.open(Path.of(file + "#second"))) {
      assertEquals(List.of("a.w", "b.w"), t.names());
    }
    assertThrows(FormatException.class, () -> TensorSource.open(Path.of(file + "#third")));
    // Open weights beside a dict of tensors: neither is loose.
    Path open = checkpoint("a.w", "more/x");
    assertThrows(FormatException.class, () -> TorchCheckpoint.open(open));
    try (TorchCheckpoint t = TorchCheckpoint.open(open, "")) {
      assertEquals(List.of("a.w"), t.names());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "_orig_mod.a.w, a.w",
    "module._orig_mod.a.w, a.w",
    "_orig_mod.module.a.w, a.w",
    "module.model.a.w, a.w",
    "ema_model.module.a.w, a.w",
    "blocks.0._orig_mod.w, blocks.0.w",
    "_fsdp_wrapped_module.blocks.0._checkpoint_wrapped_module.w, blocks.0.w",
    "my_orig_mod.w, my_orig_mod.w"
  })
  void wordsOfWrappersFallAway(String name, String bare) throws IOException {
    averaged("model [" + bare + "]", "model/" + name);
  }

  @Test
  void whatWrappersKeepBesideFallsAwayWithTheirPrefix() throws IOException {
    averaged("model [a.w]", "model/n_averaged", "model/module.a.w");
    averaged("ema [a.w]", "ema/initted", "ema/step", "ema/online_model.a.w", "ema/ema_model.a.w");
    // A prefix that some names lack is part of the names, and so is a word alone.
    averaged("model [module.a.w, b.w]", "model/module.a.w", "model/b.w");
    averaged("model [step, a.w]", "model/step", "model/a.w");
  }
}
