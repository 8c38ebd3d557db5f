/** Why one item of a body was not taken. Names fields, never what was in them: that may be personal data. */
export interface Rejection {
  /** Position of the item in the body, media files of all envelopes counted through, from 0. */
  readonly index: number;
  /** Only when it is a well-formed one. */
  readonly mediaId?: string | undefined;
  readonly reason: string;
  /** JSON pointer to the field or item; empty: the whole body. */
  readonly pointer: string;
}

/** A fault of one field: `pointer` is relative to the item. */
export interface FieldFault {
  readonly pointer: string;
  readonly reason: string;
}
