#!/bin/sh
# Version: JCodec 0.2.5
# JCodec 0.2.5 decodes ordinary x264 files to other pixels, without an error.
#
# Guess: it announces Baseline, Main and High and refuses what it lacks ("Unsupported h264 feature"), so
# what it does decode is right; H.264 leaves a decoder no choice.
# Behaviour: with deblocking off in the slices (x264 -preset ultrafast, -tune fastdecode) and with
# temporal direct prediction (presets slow and up choose it now and then, direct-pred=temporal always) frames
# differ from the standard's. The default preset is exact. No message either way.
. "$(dirname "$0")/common.sh"
maven org.jcodec:jcodec:0.2.5 org.bytedeco:ffmpeg:7.1.1-1.5.12:jar:linux-x86_64-gpl
(cd "$work" && unzip -qo jars/ffmpeg-*-gpl.jar 'org/bytedeco/*' && mv org/bytedeco/ffmpeg/linux-x86_64-gpl bin && chmod +x bin/ffmpeg)
ffmpeg=$work/bin/ffmpeg
cat >"$work/Decode.java" <<'J'
import java.io.File;
import java.nio.file.*;
import java.util.*;
import org.jcodec.api.*;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.model.Picture;

public class Decode {
  public static void main(String[] args) throws Exception {
    byte[] right = Files.readAllBytes(Path.of(args[1]));
    int size = 64 * 64;
    // In order of presentation, as the container's times say.
    TreeMap<Double, byte[]> shown = new TreeMap<>();
    FrameGrab grab = FrameGrab.createFrameGrab(NIOUtils.readableChannel(new File(args[0])));
    for (PictureWithMetadata p; (p = grab.getNativeFrameWithMetadata()) != null; ) {
      byte[] luma = new byte[size];
      Picture picture = p.getPicture();
      for (int y = 0; y < 64; y++)
        for (int x = 0; x < 64; x++)
          luma[y * 64 + x] = (byte) (picture.getPlaneData(0)[y * picture.getPlaneWidth(0) + x] + 128);
      shown.put(p.getTimestamp(), luma);
    }
    int frame = size * 3 / 2, frames = right.length / frame, differ = 0, i = 0;
    for (byte[] luma : shown.values()) {
      if (!Arrays.equals(luma, Arrays.copyOfRange(right, i * frame, i++ * frame + size))) differ++;
    }
    System.out.println(i != frames ? "frames " + i + " of " + frames : differ == 0 ? "exact" : "other pixels");
  }
}
J
for options in "-preset medium" "-preset ultrafast" "-tune fastdecode" "-x264-params direct=temporal:bframes=3"; do
  "$ffmpeg" -v error -y -f lavfi -i "testsrc2=size=64x64:rate=25:duration=1.2,fade=in:0:15,noise=alls=12:all_seed=1" \
    -pix_fmt yuv420p -threads 1 -c:v libx264 -preset medium $options "$work/x.mp4" 2>/dev/null
  "$ffmpeg" -v error -y -i "$work/x.mp4" -f rawvideo -pix_fmt yuv420p "$work/x.yuv"
  seen=$(java -cp "$work/jars/*" "$work/Decode.java" "$work/x.mp4" "$work/x.yuv" 2>/dev/null)
  case $options in *medium) was=exact ;; *) was="other pixels" ;; esac
  expect "x264 $options" "$seen" "$was"
done
