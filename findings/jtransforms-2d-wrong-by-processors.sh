#!/bin/sh
# Version: JTransforms 3.2
# JTransforms 3.2: the two-dimensional real transform is wrong where the number of processors is no power of two.
#
# Guess: the number of threads decides how fast a transform is, not what comes out; at worst its last bits.
# Behaviour: realForwardFull of FloatFFT_2D and DoubleFFT_2D, of 65536 values and more with sides that are powers of two, is right
# with 1, 2, 4, 8 and 16 processors. With 3, 5, 6, 7, 10, 12 or 24 bins in the rows about the middle are not
# that picture's spectrum at all: errors as large as the spectrum itself, the same ones each time, no message. complexForward
# is right everywhere.
# -XX:ActiveProcessorCount shows on any machine what another would have given.
. "$(dirname "$0")/common.sh"
maven com.github.wendykierp:JTransforms:3.2 org.visnow:JLargeArrays:1.7 org.apache.commons:commons-math3:3.5
cat >"$work/Fill.java" <<'J'
import org.jtransforms.fft.FloatFFT_2D;

public class Fill {
  public static void main(String[] args) {
    int n = 256, wrong = 0;
    float[] real = new float[2 * n * n], complex = new float[2 * n * n];
    for (int i = 0; i < n * n; i++) complex[2 * i] = real[i] = (i * 7919L * i % 1009) / 1009f - 0.5f;
    new FloatFFT_2D(n, n).realForwardFull(real);
    new FloatFFT_2D(n, n).complexForward(complex);
    double square = 0;
    for (float c : complex) square += c * c / complex.length;
    for (int i = 0; i < real.length; i++) if (Math.abs(real[i] - complex[i]) > 0.01 * Math.sqrt(square)) wrong++;
    System.out.print(wrong);
    System.exit(0);
  }
}
J
seen=
for processors in 1 2 3 4 6 8 12 16; do
  seen="$seen $processors:$(java -XX:ActiveProcessorCount=$processors -cp "$work/jars/*" "$work/Fill.java")"
done
expect "processors: numbers of 131072 off by more than a hundredth of the root mean square" "$seen" " 1:0 2:0 3:1245 4:0 6:1245 8:0 12:4238 16:0"
