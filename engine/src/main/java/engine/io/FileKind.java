package engine.io;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a file is by its first bytes, whatever it is called. Kinds that are not read are known too,
 * so that a whole file of another kind is not taken for a damaged one.
 */
enum FileKind {
  SAFETENSORS("a safetensors file"),
  TORCH_ZIP("a zip file, such as PyTorch's checkpoints since 1.6"),
  TORCH_LEGACY("a checkpoint of PyTorch before 1.6"),
  PICKLE("a pickle"),
  EMPTY("empty: the download or the copy did not take place"),
  LFS_POINTER("the pointer of a file that Git LFS keeps elsewhere: fetch it with 'git lfs pull'"),
  WEB_PAGE("a web page, not weights: the download went to the page about the file"),
  HDF5("an HDF5 file, as Keras writes: not read; save the weights as safetensors"),
  GGUF("a GGUF file: not read; take the safetensors that it was made from"),
  NPY("a NumPy array: not read; save the weights as safetensors"),
  GZIP("packed with gzip: unpack it first"),
  XZ("packed with xz: unpack it first"),
  TAR("a tar archive: unpack it first (PyTorch before 0.2 wrote such checkpoints: save it anew)"),
  TEXT("a text file: an index of several files is called NAME.index.json"),
  UNKNOWN("of no kind that is known here");

  private static final int LOOKED_AT = 512;
  private static final int TAR_MAGIC = 257;
  private static final int MAX_PROTOCOL = 5;

  /** Completes "FILE is". */
  final String words;

  FileKind(String words) {
    this.words = words;
  }

  /** The kind of a regular file. */
  static FileKind of(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return of(in.readNBytes(LOOKED_AT));
    }
  }

  /** Whether a pickle is in it, or a zip file that may hold one. */
  boolean isTorch() {
    return this == TORCH_ZIP || this == TORCH_LEGACY || this == PICKLE;
  }

  static FileKind of(byte[] first) {
    if (first.length == 0) {
      return EMPTY;
    }
    if (TorchLegacy.begins(MemorySegment.ofArray(first))) {
      return TORCH_LEGACY;
    }
    if (isSafetensors(first)) {
      return SAFETENSORS;
    }
    if (first.length > 2 && first[0] == (byte) 0x80 && first[1] > 0 && first[1] <= MAX_PROTOCOL) {
      return PICKLE;
    }
    return byWords(first);
  }

  private static FileKind byWords(byte[] first) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\3\4") || text.startsWith("PK\5\6")) {
      return TORCH_ZIP;
    }
    if (text.startsWith("\u0089HDF\r\n")) {
      return HDF5;
    }
    if (text.startsWith("GGUF")) {
      return GGUF;
    }
    if (text.startsWith("\u0093NUMPY")) {
      return NPY;
    }
    if (text.startsWith("\u001f\u008b")) {
      return GZIP;
    }
    if (text.startsWith("\u00fd7zXZ")) {
      return XZ;
    }
    if (text.startsWith("ustar", TAR_MAGIC)) {
      return TAR;
    }
    if (text.startsWith("version https://git-lfs")) {
      return LFS_POINTER;
    }
    String begin = text.stripLeading().toLowerCase(Locale.ROOT);
    if (begin.startsWith("<!doctype") || begin.startsWith("<html")) {
      return WEB_PAGE;
    }
    return text.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t')
        ? TEXT
        : UNKNOWN;
  }

  /** Eight bytes of a length that is far below 2^32, and the bracket of the header. */
  private static boolean isSafetensors(byte[] first) {
    return first.length > Long.BYTES
        && first[Long.BYTES] == '{'
        && (first[4] | first[5] | first[6] | first[7]) == 0;
  }
}
