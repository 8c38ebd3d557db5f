/** A script of Redis, as its text. */
declare module '*.lua' {
  const text: string;
  // eslint-disable-next-line no-restricted-exports -- a file has one content
  export default text;
}
