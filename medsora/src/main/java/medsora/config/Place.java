package medsora.config;

/**
 * Where a value stands in a file.
 *
 * @param file its name
 * @param line counted from 1; 0 where unknown
 */
record Place(String file, int line) {
  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }
}
