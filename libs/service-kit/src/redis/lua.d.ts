/** A script of Redis, as its text. */
declare module '*.lua' {
  const text: string;
  export default text;
}
