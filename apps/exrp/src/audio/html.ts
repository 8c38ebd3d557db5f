/** How much of a file is looked at to tell whether it is HTML. */
export const HTML_LOOK_BYTES = 1024;

const PAGE_START = /^<(?:!doctype|html|head|body|\?xml|!--)/i;

/**
 * Tells whether a file that starts with these bytes is a page for people; a byte order mark and white space may lead.
 * Its first tag is enough: nothing that starts like this is a recording.
 */
export function startsLikeHtml(firstBytes: Buffer): boolean {
  // String.trimStart() counts the byte order mark as white space.
  return PAGE_START.test(firstBytes.toString('utf8', 0, HTML_LOOK_BYTES).trimStart());
}
