package tools.explore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A part of the page: what is shown of the subject, as facts and arrays. */
sealed interface Station
    permits WayStation,
        DenoisingStation,
        ScanStation,
        MatrixStation,
        WindowStation,
        GateStation,
        AutoencoderStation,
        WhatIfStation {
  /** The name of its facts and of its module, {@code ID.js}. */
  String id();

  /** Where the program computes what it shows. */
  List<Place> places();

  /**
   * Computes what the station shows.
   *
   * @param facts receives what is not an array, and where the arrays lie
   */
  void write(Subject subject, Arrays arrays, ObjectNode facts);
}
