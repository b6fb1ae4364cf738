package medsora.baseline.styleganv;

import engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the layers are told of frames.
 *
 * @param w [N, w], the content code of each frame's clip
 * @param words [N, words, width], or null where the generator has none
 * @param watch is shown what is computed on the way
 */
record Codes(Tensor w, @Nullable Tensor words, Watch watch) {}
