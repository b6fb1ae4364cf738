package medsora.media.dicom;

import java.util.Set;

/**
 * The attributes that are kept. Everything else in a file is passed over unread, and what
 * identifies a person is kept as a hash at most ({@link #IDENTIFYING}).
 */
final class Tags {
  static final int TRANSFER_SYNTAX = 0x00020010;

  static final int FIRST_RECORD = 0x00041200;
  static final int DIRECTORY_RECORDS = 0x00041220;
  static final int NEXT_RECORD = 0x00041400;
  static final int LOWER_RECORD = 0x00041420;
  static final int RECORD_TYPE = 0x00041430;
  static final int REFERENCED_FILE = 0x00041500;

  static final int SOP_CLASS = 0x00080016;
  static final int DISPLAY_RATE = 0x00082144;
  static final int PATIENT_ID = 0x00100020;
  static final int CINE_RATE = 0x00180040;
  static final int FRAME_TIME = 0x00181063;
  static final int FRAME_TIME_VECTOR = 0x00181065;
  static final int REGIONS = 0x00186011;
  static final int REGION_X0 = 0x00186018;
  static final int REGION_Y0 = 0x0018601a;
  static final int REGION_X1 = 0x0018601c;
  static final int REGION_Y1 = 0x0018601e;
  static final int SERIES = 0x0020000e;
  static final int INSTANCE_NUMBER = 0x00200013;

  static final int SAMPLES = 0x00280002;
  static final int PHOTOMETRIC = 0x00280004;
  static final int PLANAR = 0x00280006;
  static final int FRAMES = 0x00280008;
  static final int ROWS = 0x00280010;
  static final int COLUMNS = 0x00280011;
  static final int SPACING = 0x00280030;
  static final int ASPECT = 0x00280034;
  static final int ALLOCATED = 0x00280100;
  static final int STORED = 0x00280101;
  static final int HIGH_BIT = 0x00280102;
  static final int SIGNED = 0x00280103;
  static final int SMALLEST = 0x00280106;
  static final int LARGEST = 0x00280107;
  static final int BURNED_IN = 0x00280301;
  static final int WINDOW_CENTER = 0x00281050;
  static final int WINDOW_WIDTH = 0x00281051;
  static final int INTERCEPT = 0x00281052;
  static final int SLOPE = 0x00281053;
  static final int WINDOW_FUNCTION = 0x00281056;
  static final int RED_DESCRIPTOR = 0x00281101;
  static final int GREEN_DESCRIPTOR = 0x00281102;
  static final int BLUE_DESCRIPTOR = 0x00281103;
  static final int RED_DATA = 0x00281201;
  static final int GREEN_DATA = 0x00281202;
  static final int BLUE_DATA = 0x00281203;
  static final int MODALITY_LUT = 0x00283000;
  static final int LUT_DESCRIPTOR = 0x00283002;
  static final int LUT_DATA = 0x00283006;
  static final int VOI_LUT = 0x00283010;
  static final int FRAME_VOI = 0x00289132;
  static final int FRAME_RESCALE = 0x00289145;

  static final int SHARED_GROUPS = 0x52009229;
  static final int PER_FRAME_GROUPS = 0x52009230;
  static final int FLOAT_PIXELS = 0x7fe00008;
  static final int DOUBLE_PIXELS = 0x7fe00009;
  static final int PIXELS = 0x7fe00010;

  static final int ITEM = 0xfffee000;
  static final int ITEM_END = 0xfffee00d;
  static final int SEQUENCE_END = 0xfffee0dd;

  /** Kept as a hash, to tell whose files belong together. */
  static final Set<Integer> IDENTIFYING = Set.of(PATIENT_ID, SERIES);

  /** Sequences whose items are read. */
  static final Set<Integer> SEQUENCES =
      Set.of(
          DIRECTORY_RECORDS,
          REGIONS,
          MODALITY_LUT,
          VOI_LUT,
          FRAME_VOI,
          FRAME_RESCALE,
          SHARED_GROUPS,
          PER_FRAME_GROUPS);

  private static final Set<Integer> KEPT =
      Set.of(
          TRANSFER_SYNTAX,
          FIRST_RECORD,
          NEXT_RECORD,
          LOWER_RECORD,
          RECORD_TYPE,
          REFERENCED_FILE,
          SOP_CLASS,
          DISPLAY_RATE,
          PATIENT_ID,
          CINE_RATE,
          FRAME_TIME,
          FRAME_TIME_VECTOR,
          REGION_X0,
          REGION_Y0,
          REGION_X1,
          REGION_Y1,
          SERIES,
          INSTANCE_NUMBER,
          SAMPLES,
          PHOTOMETRIC,
          PLANAR,
          FRAMES,
          ROWS,
          COLUMNS,
          SPACING,
          ASPECT,
          ALLOCATED,
          STORED,
          HIGH_BIT,
          SIGNED,
          SMALLEST,
          LARGEST,
          BURNED_IN,
          WINDOW_CENTER,
          WINDOW_WIDTH,
          INTERCEPT,
          SLOPE,
          WINDOW_FUNCTION,
          RED_DESCRIPTOR,
          GREEN_DESCRIPTOR,
          BLUE_DESCRIPTOR,
          RED_DATA,
          GREEN_DATA,
          BLUE_DATA,
          LUT_DESCRIPTOR,
          LUT_DATA);

  private Tags() {}

  /** Whether an element's value is kept. */
  static boolean kept(int tag) {
    return KEPT.contains(tag);
  }

  /** Whether an element is the pixel data, with which the reading of a data set ends. */
  static boolean pixels(int tag) {
    return tag == PIXELS || tag == FLOAT_PIXELS || tag == DOUBLE_PIXELS;
  }

  /** As {@code (0018,1063)}. */
  static String text(int tag) {
    return "(%04x,%04x)".formatted(tag >>> 16, tag & 0xffff);
  }
}
