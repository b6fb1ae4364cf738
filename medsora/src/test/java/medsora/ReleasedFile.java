package medsora;

import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import nn.Buffer;
import nn.Entry;
import nn.Module;
import nn.io.Weights;

/** Checkpoints in the form in which the released trainings save them, as torch.save writes. */
final class ReleasedFile {
  private final PickleWriter pickle = new PickleWriter().protocol().op('}', '(');
  private final List<byte[]> storages = new ArrayList<>();

  /** A state dict under a key, as an OrderedDict of tensors. */
  ReleasedFile part(String key, Module module) {
    return part(key, module.stateDict());
  }

  /** The same of entries under other names. */
  ReleasedFile part(String key, Map<String, ? extends Entry> entries) {
    pickle.text(key).dict().op('(');
    entries.forEach(this::tensor);
    pickle.op('u');
    return this;
  }

  /** What PyTorch Lightning keeps beside a state dict, a callback of a foreign class among it. */
  ReleasedFile lightning() {
    pickle.text("epoch").whole(3).text("global_step").whole(70);
    pickle.text("callbacks").op('}', '(');
    pickle.global("main.callbacks", "ImageLogger").object("main.callbacks", "State").op('}');
    pickle.text("best").whole(1).op('s', 'b', 'u');
    pickle.text("optimizer_states").op(']').text("lr_schedulers").op(']');
    return this;
  }

  private void tensor(String name, Entry entry) {
    long[] shape = Weights.extents(entry.value().shape());
    long[] stride = new long[shape.length];
    long count = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      stride[i] = count;
      count *= shape[i];
    }
    boolean integer = entry instanceof Buffer b && b.integer();
    String key = Integer.toString(storages.size());
    String type = integer ? "LongStorage" : "FloatStorage";
    pickle.text(name).tensor(type, key, count, 0, shape, stride, false);
    float[] values = entry.value().toArray();
    storages.add(
        integer ? Arrays.copyOf(new byte[] {(byte) values[0]}, 8) : PickleWriter.floats(values));
  }

  /** The settings of the run: an argparse.Namespace, and an OmegaConf in its manner. */
  ReleasedFile args() {
    pickle.text("args").object("argparse", "Namespace").op('}', '(');
    pickle.text("config").object("omegaconf.dictconfig", "DictConfig").op('}');
    pickle.text("_content").op('}', 's', 'b');
    pickle.text("model").text("MedSora-B/2").op('u', 'b');
    return this;
  }

  /** The state of an optimiser, which has tensors by number. */
  ReleasedFile opt() {
    pickle.text("opt").op('}', '(').text("state").op('}').whole(0).op('}').text("exp_avg");
    storages.add(PickleWriter.floats(7));
    String key = Integer.toString(storages.size() - 1);
    pickle.tensor("FloatStorage", key, 1, 0, new long[] {1}, new long[] {1}, false);
    pickle.op('s', 's').text("param_groups").op(']', 'u');
    return this;
  }

  Path write(Path file) throws IOException {
    byte[] bytes = PickleWriter.zip(pickle.op('u').end(), storages.toArray(new byte[0][]));
    return Files.write(file, bytes);
  }

  /** A file of one state dict, as published. */
  static Path plain(Path file, Map<String, Entry> entries) throws IOException {
    ReleasedFile f = new ReleasedFile();
    entries.forEach(f::tensor);
    return f.write(file);
  }
}
