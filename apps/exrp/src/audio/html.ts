/** How much of a file is looked at to tell whether it is HTML. */
export const HTML_LOOK_BYTES = 1024;

const HTML_START = /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)[\s>]/i;

/** Tells whether a file that starts with these bytes is an HTML page; a byte order mark and white space may lead. */
export function startsLikeHtml(firstBytes: Buffer): boolean {
  const text = firstBytes.subarray(0, HTML_LOOK_BYTES).toString('utf8');
  // String.trimStart() counts the byte order mark as white space.
  return HTML_START.test(text.trimStart());
}
