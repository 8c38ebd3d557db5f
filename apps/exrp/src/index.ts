/** What the command line shares with EXRP, so that it judges a recording key as EXRP does (docs/adr/0010-one-reading.md). */
export { selectKey } from './keys/index.js';
