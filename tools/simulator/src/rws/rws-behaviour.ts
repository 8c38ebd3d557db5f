/** How the simulated RWS speaks; where GIR leaves it open, every way that a client must understand. */
export type RwsBehaviour = {
  /** A single recording as `{statusCode, recording}` or bare (docs/reference/genesys-facts.md#34-the-recording-resource). */
  readonly single: 'wrapped' | 'bare';
  /** A search answers with the recordings, or with their addresses. */
  readonly listing: 'recordings' | 'uris';
  /** Where the address of the next page is; `none`: the client counts its own `offset`. */
  readonly nextPage: 'nextUri' | 'next' | 'links.next' | 'link-header' | 'none';
  /** Whether that address is whole or begins with a slash. */
  readonly links: 'absolute' | 'relative';
  /** Rows on a page, also when a client asks for more. */
  readonly pageSize: number;
  /** Which recordings a search finds: those that overlap the window, or those that began in it. */
  readonly window: 'overlap' | 'start';
  /** The last row of a page comes again as the first of the next. */
  readonly repeatsAcrossPages: boolean;
  /** Every answer takes this long. */
  readonly delayMs: number;
  /** So many reads of each recording by its id find nothing yet. */
  readonly notFoundReads: number;
  /** HTTP 404, or HTTP 200 with a `statusCode` other than 0. */
  readonly notFoundAs: 404 | 200;
  /** Media files of a recording that its first read shows; each further read shows one more. */
  readonly growsFrom: number;
};

export const usualBehaviour: RwsBehaviour = {
  single: 'wrapped',
  listing: 'recordings',
  nextPage: 'nextUri',
  links: 'absolute',
  pageSize: 100,
  window: 'overlap',
  repeatsAcrossPages: false,
  delayMs: 0,
  notFoundReads: 0,
  notFoundAs: 404,
  growsFrom: Infinity,
};

export type RwsRoute = 'contact-centers' | 'recording' | 'search';

/** A failure to order: the next `times` matching requests get it. */
export type RwsFault = {
  /** Any route when absent. */
  readonly route?: RwsRoute;
  /** Only this page of a search, from 1. */
  readonly page?: number;
  readonly times: number;
  /** An HTTP status; `hang` gives no answer, `cut` breaks off in the middle of one, `garbage` is 200 without JSON. */
  readonly answer: number | 'hang' | 'cut' | 'garbage';
  readonly retryAfterSeconds?: number;
};
